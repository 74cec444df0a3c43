import { Badge } from "@/components/ui/badge";

type Props = { businessName: string; isSandbox: boolean };

/** Whose account this is, and whether its messages reach real people. */
export function AccountName({ businessName, isSandbox }: Props) {
  return (
    <div className="flex min-w-0 items-center gap-2">
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
