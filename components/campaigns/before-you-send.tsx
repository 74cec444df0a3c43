import { CircleCheck, CircleX } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { RecipientsLink } from "@/components/campaigns/recipients-link";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { formatDuration, formatNumber, formatPeople } from "@/lib/campaigns/numbers";
import type { CampaignCheck, CampaignProblem } from "@/lib/campaigns/queries";
import type { Plan } from "@/lib/lanes/plan";

type Props = { campaignId: string; check: CampaignCheck; sender: string | null; isDraft: boolean };

/** Everything to know before pressing Send: to whom, from where, how long, and what forbids it. */
export function BeforeYouSend({ campaignId, check, sender, isDraft }: Props) {
  const {
    recipients,
    withinWindow,
    canary,
    filter,
    problems,
    durationSeconds,
    messagesPerSecond,
    isSandbox,
    plan,
  } = check;
  const isForbidden = (cause: CampaignProblem["cause"]) => problems.some((each) => each.cause === cause);
  return (
    <Card>
      <CardHeader>
        <CardTitle>Before you send</CardTitle>
      </CardHeader>
      <CardContent>
        <ul className="grid gap-3">
          {problems.map(({ cause, message }) => (
            <Line key={message} isGood={false}>
              {message} <Remedy cause={cause} campaignId={campaignId} isDraft={isDraft} />
            </Line>
          ))}
          {!isForbidden("audience") && (
            <Line isGood>
              <strong className="font-semibold">{formatPeople(withinWindow ?? recipients)}</strong>{" "}
              {withinWindow !== null && "wrote to you in the last 24 hours and "}would get it now. Who opts
              out before their turn is left out. <RecipientsLink filter={filter} />
            </Line>
          )}
          {!isForbidden("audience") && withinWindow !== null && withinWindow < recipients && (
            <Line isGood>
              WhatsApp allows a text without approval to nobody else: the other{" "}
              {formatNumber(recipients - withinWindow)} of the audience are skipped, unless they write before
              their turn.
            </Line>
          )}
          {withinWindow === null && !isForbidden("template") && !isForbidden("variables") && (
            <Line isGood>WhatsApp has approved the template.</Line>
          )}
          {!isForbidden("connection") && (
            <Line isGood>
              {isSandbox
                ? "It goes to the sandbox: everything runs for real, but no person receives anything."
                : `It is sent from ${sender ?? "your number"}.`}
            </Line>
          )}
          {canary && (
            <Line isGood>
              {formatPeople(canary.size)} get it first. The other {formatNumber(recipients - canary.size)}{" "}
              follow by themselves {canary.minutes} minutes later, if all is well.
            </Line>
          )}
          {plan && <Line isGood>{planWords(plan)}</Line>}
          {(withinWindow ?? recipients) > 0 && !plan && (
            <Line isGood>
              Sending {canary && "itself "}takes about {formatDuration(durationSeconds)}, at{" "}
              {messagesPerSecond} messages per second.
            </Line>
          )}
        </ul>
      </CardContent>
    </Card>
  );
}

function planWords({ limit, first, days }: Plan): string {
  const now = first > 0 ? `${formatPeople(first)} get it first` : "It starts when there is room";
  return `WhatsApp lets your business message ${formatPeople(limit)} in 24 hours who have not written to you. ${now}; the rest follows by itself over the next ${days - 1 === 1 ? "day" : `${days - 1} days`}.`;
}

function Line({ isGood, children }: { isGood: boolean; children: ReactNode }) {
  const Icon = isGood ? CircleCheck : CircleX;
  return (
    <li className="flex items-start gap-2.5 text-sm">
      <Icon
        role="img"
        aria-label={isGood ? "All right:" : "In the way:"}
        className={`mt-0.5 size-4 shrink-0 ${isGood ? "text-success" : "text-danger"}`}
      />
      <span className="min-w-0">{children}</span>
    </li>
  );
}

function Remedy({
  cause,
  campaignId,
  isDraft,
}: Pick<CampaignProblem, "cause"> & Omit<Props, "check" | "sender">) {
  const edit = isDraft ? `/campaigns/${campaignId}/edit` : null;
  const remedies: Record<CampaignProblem["cause"], { href: string; label: string } | null> = {
    connection: { href: "/settings/whatsapp", label: "Open the settings" },
    template: { href: "/templates", label: "See your templates" },
    variables: edit ? { href: edit, label: "Edit the campaign" } : null,
    media: edit ? { href: edit, label: "Edit the campaign" } : null,
    audience: { href: edit ?? "/contacts", label: edit ? "Change the audience" : "See your contacts" },
  };
  const remedy = remedies[cause];
  return (
    remedy && (
      <Link
        href={remedy.href as Route}
        className="whitespace-nowrap text-primary underline underline-offset-4"
      >
        {remedy.label}
      </Link>
    )
  );
}
