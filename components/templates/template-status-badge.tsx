import { Badge } from "@/components/ui/badge";
import type { TemplateStatus } from "@/lib/db/generated/enums";
import { statusWords } from "@/lib/templates/status";

export function TemplateStatusBadge({ status }: { status: TemplateStatus }) {
  const { label, tone, explanation } = statusWords[status];
  return (
    <Badge tone={tone} title={explanation}>
      {label}
    </Badge>
  );
}
