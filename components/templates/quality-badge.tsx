import { Badge, type BadgeTone } from "@/components/ui/badge";

const ratings: Record<string, { label: string; tone: BadgeTone; explanation: string }> = {
  GREEN: { label: "Well received", tone: "success", explanation: "Few people block or report it." },
  YELLOW: { label: "Mixed", tone: "warning", explanation: "Some people block or report it." },
  RED: {
    label: "Badly received",
    tone: "danger",
    explanation: "Many people block or report it: WhatsApp may pause it.",
  },
};

/** How people take a template, as WhatsApp rates it; nothing while it has not. */
export function QualityBadge({ quality }: { quality: string | null }) {
  const rating = ratings[quality ?? ""];
  return (
    rating && (
      <Badge tone={rating.tone} title={rating.explanation}>
        {rating.label}
      </Badge>
    )
  );
}
