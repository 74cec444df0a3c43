import { Alert } from "@/components/ui/alert";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { formatNumber } from "@/lib/campaigns/numbers";

type Props = {
  alerts: { id: string; message: string }[];
  /** People per rolling 24 hours; null: no limit, or not told yet. */
  messagingLimit: number | null;
  /** Meta's word. */
  qualityRating: string | null;
};

const ratings: Record<string, { label: string; tone: BadgeTone; explanation: string }> = {
  GREEN: { label: "High", tone: "success", explanation: "Few people block or report your number." },
  YELLOW: { label: "Medium", tone: "warning", explanation: "Some people block or report your number." },
  RED: {
    label: "Low",
    tone: "danger",
    explanation: "Many people block or report your number. Campaigns pause until you resume them.",
  },
};

/** What WhatsApp has told about the account and its number. */
export function HealthCard({ alerts, messagingLimit, qualityRating }: Props) {
  const rating = ratings[qualityRating ?? ""];
  return (
    <Card>
      <CardHeader>
        <CardTitle>What WhatsApp says of your number</CardTitle>
        <CardDescription>
          It is told as it changes, and read again every six hours while you send.
        </CardDescription>
      </CardHeader>
      <CardContent className="grid gap-4">
        {alerts.map(({ id, message }) => (
          <Alert key={id} tone="warning">
            {message}
          </Alert>
        ))}
        <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[10rem_minmax(0,1fr)]">
          <dt className="text-muted-foreground">Quality</dt>
          <dd className="flex min-w-0 flex-wrap items-center gap-2">
            {rating ? (
              <>
                <Badge tone={rating.tone}>{rating.label}</Badge>
                {rating.explanation}
              </>
            ) : (
              "Not rated yet."
            )}
          </dd>
          <dt className="text-muted-foreground">Messaging limit</dt>
          <dd className="min-w-0">
            {messagingLimit === null
              ? "None, or not told yet."
              : `${formatNumber(messagingLimit)} people in 24 hours who have not written to you in the day before.`}
          </dd>
        </dl>
        {alerts.length === 0 && <p className="text-muted-foreground text-sm">Nothing that needs you.</p>}
      </CardContent>
    </Card>
  );
}
