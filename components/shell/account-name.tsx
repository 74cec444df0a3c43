import { Badge } from "@/components/ui/badge";
import { cn } from "@/lib/utils";

type Props = { businessName: string; isSandbox: boolean; className?: string | undefined };

/** Whose account this is, and whether its messages reach real people. */
export function AccountName({ businessName, isSandbox, className }: Props) {
  return (
    <div className={cn("flex min-w-0 items-center gap-x-2 gap-y-1.5", className)}>
      <span className="min-w-0 truncate font-medium text-sm" title={businessName}>
        {businessName}
      </span>
      {isSandbox && (
        <Badge tone="warning" title="Messages go to a simulated WhatsApp, not to real people">
          Sandbox
        </Badge>
      )}
    </div>
  );
}
