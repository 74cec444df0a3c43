import { cva, type VariantProps } from "class-variance-authority";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/utils";

const alertVariants = cva("flex items-start gap-3 rounded-lg border px-4 py-3 text-foreground text-sm", {
  variants: {
    tone: {
      info: "border-info/25 bg-info-soft [&>svg]:text-info",
      success: "border-success/25 bg-success-soft [&>svg]:text-success",
      warning: "border-warning/25 bg-warning-soft [&>svg]:text-warning",
      danger: "border-danger/25 bg-danger-soft [&>svg]:text-danger",
    },
  },
  defaultVariants: { tone: "info" },
});

export type AlertTone = NonNullable<VariantProps<typeof alertVariants>["tone"]>;

const icons = { info: Info, success: CircleCheck, warning: TriangleAlert, danger: CircleAlert };

type Props = {
  tone?: AlertTone | undefined;
  title?: ReactNode;
  action?: ReactNode;
  /** Read out at once: for what appears in answer to an action, not for what a page starts with. */
  announce?: boolean | undefined;
  className?: string | undefined;
  children?: ReactNode;
};

export function Alert({ tone = "info", title, action, announce, className, children }: Props) {
  const Icon = icons[tone];
  return (
    <div role={announce ? "alert" : undefined} className={cn(alertVariants({ tone }), className)}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="wrap-anywhere grid min-w-0 gap-0.5">
          {title && <p className="font-semibold">{title}</p>}
          {children && <div>{children}</div>}
        </div>
        {action}
      </div>
    </div>
  );
}
