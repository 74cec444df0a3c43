"use client";

import { UsersRound } from "lucide-react";
import { useWatch } from "react-hook-form";
import { useAudiencePreview } from "@/components/campaigns/use-audience-preview";
import { Alert } from "@/components/ui/alert";
import { Spinner } from "@/components/ui/spinner";
import type { CampaignForm } from "@/lib/campaigns/form";
import { formatPeople } from "@/lib/campaigns/numbers";

/** How many people the audience has right now. */
export function AudienceCount() {
  const { data, error, isFetching, refetch } = useAudiencePreview(useWatch<CampaignForm>() as CampaignForm);
  if (error && !data) {
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
    <p role="status" className="flex min-h-10 items-center gap-2.5 rounded-md bg-muted px-3 text-sm">
      <UsersRound aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      {data ? (
        <span>
          <strong className="font-semibold tabular-nums">{formatPeople(data.recipients)}</strong>{" "}
          {data.recipients === 0
            ? "match. Choose other tags, or import people who agreed."
            : "would get it now. The list is fixed when sending starts."}
        </span>
      ) : (
        <span className="text-muted-foreground">Counting…</span>
      )}
      {isFetching && data && <Spinner className="ml-auto size-4 text-muted-foreground" />}
    </p>
  );
}
