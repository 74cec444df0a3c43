import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/utils";

type Props = {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string | undefined;
};

/** What an empty list says: what belongs here and the next step. */
export function EmptyState({ icon: Icon, title, children, action, className }: Props) {
  return (
    <div className={cn("grid justify-items-center gap-2 px-6 py-12 text-center", className)}>
      <span className="mb-1 grid size-11 place-items-center rounded-t-[22px] rounded-b-sm bg-primary-soft text-primary">
        <Icon aria-hidden className="size-5" />
      </span>
      <p className="font-semibold text-base">{title}</p>
      {children && <div className="max-w-md text-muted-foreground text-sm">{children}</div>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
