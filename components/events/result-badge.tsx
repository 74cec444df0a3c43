import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { EventResult } from "@/lib/event-console/schema";
import { resultWords } from "@/lib/event-console/words";

const tones: Record<EventResult, BadgeTone> = {
  processed: "success",
  pending: "info",
  waiting: "warning",
  failed: "danger",
};

export function ResultBadge({ result }: { result: EventResult }) {
  return <Badge tone={tones[result]}>{resultWords[result]}</Badge>;
}
