import Link from "next/link";
import { Alert } from "@/components/ui/alert";
import { Time } from "@/components/ui/time";
import { formatDuration } from "@/lib/campaigns/numbers";

type Props = { since: Date | null; timeZone: string; className?: string | undefined };

/** Without its webhooks nobody knows what arrived, and no STOP is heard. */
export function WebhookSilence({ since, timeZone, className }: Props) {
  if (!since) return null;
  const minutes = Math.floor((Date.now() - since.getTime()) / 60_000);
  return (
    <Alert
      tone="warning"
      title={`WhatsApp has not reported anything for ${formatDuration(minutes * 60)}`}
      className={className}
    >
      It took messages at <Time value={since} timeZone={timeZone} /> and has not told what became of them.
      Until it does, deliveries, replies and opt-outs are missing here. Check the callback URL and the fields
      in{" "}
      <Link href="/settings/whatsapp" className="underline underline-offset-4">
        Settings → WhatsApp
      </Link>
      .
    </Alert>
  );
}
