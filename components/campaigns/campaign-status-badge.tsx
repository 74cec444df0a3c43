import { Badge, type BadgeTone } from "@/components/ui/badge";
import { statusWords } from "@/lib/campaigns/words";
import type { CampaignStatus } from "@/lib/db/generated/enums";

const tones: Record<CampaignStatus, BadgeTone> = {
  draft: "neutral",
  scheduled: "info",
  processing: "primary",
  paused: "warning",
  completed: "success",
  failed: "danger",
  canceled: "neutral",
};

export function CampaignStatusBadge({ status }: { status: CampaignStatus }) {
  return <Badge tone={tones[status]}>{statusWords[status]}</Badge>;
}
