import type { ComponentProps } from "react";
import { cn } from "@/lib/utils";

/** Scrolls sideways by itself on a narrow screen; the label names it for those who cannot see it. */
export function Table({ label, className, ...props }: ComponentProps<"table"> & { label: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className="relative w-full min-w-0 scroll-hint overflow-x-auto rounded-[inherit] print:overflow-visible print:bg-none"
    >
      <table className={cn("w-full border-collapse text-left text-sm", className)} {...props} />
    </section>
  );
}

export function TableHeader({ className, ...props }: ComponentProps<"thead">) {
  return <thead className={cn("border-b bg-background/60", className)} {...props} />;
}

export function TableBody({ className, ...props }: ComponentProps<"tbody">) {
  return <tbody className={cn("[&>tr:last-child]:border-0 [&>tr]:border-b", className)} {...props} />;
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("transition-colors [tbody>&]:hover:bg-muted/60", className)} {...props} />;
}

export function TableHead({
  numeric,
  className,
  ...props
}: ComponentProps<"th"> & { numeric?: boolean | undefined }) {
  return (
    <th
      scope="col"
      className={cn(
        "h-9 whitespace-nowrap px-4 align-middle font-medium text-muted-foreground text-xs",
        numeric && "text-right",
        className,
      )}
      {...props}
    />
  );
}

export function TableCell({
  numeric,
  className,
  ...props
}: ComponentProps<"td"> & { numeric?: boolean | undefined }) {
  return (
    <td
      className={cn("h-11 px-4 py-2 align-middle", numeric && "text-right tabular-nums", className)}
      {...props}
    />
  );
}
