import { Badge, type BadgeTone } from "@/components/ui/badge";
import type { ImportStatus } from "@/lib/db/generated/enums";

const states: Record<ImportStatus, { tone: BadgeTone; words: string }> = {
  uploaded: { tone: "neutral", words: "Not started" },
  processing: { tone: "info", words: "Importing" },
  completed: { tone: "success", words: "Done" },
  failed: { tone: "danger", words: "Failed" },
  undoing: { tone: "info", words: "Being undone" },
  undone: { tone: "neutral", words: "Undone" },
};

export function ImportStatusBadge({ status }: { status: ImportStatus }) {
  const { tone, words } = states[status];
  return <Badge tone={tone}>{words}</Badge>;
}
