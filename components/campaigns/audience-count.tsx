"use client";

import { UsersRound } from "lucide-react";
import { useWatch } from "react-hook-form";
import { RecipientsLink } from "@/components/campaigns/recipients-link";
import { useAudiencePreview } from "@/components/campaigns/use-audience-preview";
import { Alert } from "@/components/ui/alert";
import { Spinner } from "@/components/ui/spinner";
import { type CampaignForm, missingOf } from "@/lib/campaigns/form";
import { formatNumber, formatPeople } from "@/lib/campaigns/numbers";
import type { AudiencePreview } from "@/lib/campaigns/queries";

/** How many people the audience has right now. */
export function AudienceCount() {
  const form = useWatch<CampaignForm>() as CampaignForm;
  const { data, error, isFetching, refetch } = useAudiencePreview(form);
  const missing = missingOf(form.audience);
  if (error && !data && !missing) {
    return (
      <Alert
        tone="danger"
        announce
        action={
          <button type="button" className="underline underline-offset-4" onClick={() => refetch()}>
            Try again
          </button>
        }
      >
        The people could not be counted. {error.message}
      </Alert>
    );
  }
  return (
    <p role="status" className="flex min-h-10 items-center gap-2.5 rounded-md bg-muted px-3 py-2 text-sm">
      <UsersRound aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      {missing ? (
        <span className="text-muted-foreground">{missing.message} to see how many people that is.</span>
      ) : data ? (
        <Count {...data} />
      ) : (
        <span className="text-muted-foreground">Counting…</span>
      )}
      {!missing && data && data.recipients > 0 && <RecipientsLink filter={data.filter} />}
      {isFetching && data && <Spinner className="ml-auto size-4 text-muted-foreground" />}
    </p>
  );
}

function Count({ recipients, withinWindow }: AudiencePreview) {
  const people = (count: number) => (
    <strong className="font-semibold tabular-nums">{formatPeople(count)}</strong>
  );
  if (recipients === 0) return <span>{people(0)} match. Choose others, or import people who agreed.</span>;
  if (withinWindow === null)
    return <span>{people(recipients)} would get it now. The list is fixed when sending starts.</span>;
  return (
    <span>
      {people(withinWindow)} of these {formatNumber(recipients)} wrote to you in the last 24 hours and would
      get it now. Whoever has not when it is their turn is skipped, with the reason.
    </span>
  );
}
