import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { MessageStatus } from "@/lib/db/generated/enums";

const states: Record<MessageStatus, { tone: BadgeTone; words: string }> = {
  queued: { tone: "neutral", words: "Waiting" },
  sending: { tone: "neutral", words: "Being sent" },
  held: { tone: "warning", words: "Held by WhatsApp" },
  sent: { tone: "info", words: "Sent" },
  delivered: { tone: "primary", words: "Delivered" },
  read: { tone: "success", words: "Read" },
  failed: { tone: "danger", words: "Failed" },
  unknown: { tone: "warning", words: "Not known" },
  skipped: { tone: "neutral", words: "Skipped" },
};

export function MessageStatusBadge({ status }: { status: MessageStatus }) {
  const { tone, words } = states[status];
  return <Badge tone={tone}>{words}</Badge>;
}
