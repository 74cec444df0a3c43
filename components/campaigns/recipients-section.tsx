"use client";

import { useQuery } from "@tanstack/react-query";
import { UsersRound } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { RecipientsTable } from "@/components/campaigns/recipients-table";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkTabs } from "@/components/ui/link-tabs";
import { Pagination } from "@/components/ui/pagination";
import { queryString } from "@/lib/api-client";
import {
  type CampaignProgress,
  campaignProgressQuery,
  campaignRecipientsQuery,
  type RecipientPage,
  refetchIntervalOf,
} from "@/lib/campaigns/queries";
import type { RecipientListQuery } from "@/lib/campaigns/schema";
import { type RecipientState, recipientStateWords } from "@/lib/campaigns/words";

type Props = {
  progress: CampaignProgress;
  query: RecipientListQuery;
  page: RecipientPage;
  timeZone: string;
};

/** The list need not be as lively as the numbers above it. */
const SHORTEST_INTERVAL_MS = 3000;

/** Everybody the campaign is for, one by one, or those in one state. */
export function RecipientsSection({ progress: initial, query, page, timeZone }: Props) {
  const { data: progress } = useQuery({ ...campaignProgressQuery(initial.id), initialData: initial });
  const { data, error } = useQuery({
    ...campaignRecipientsQuery(progress.id, query),
    initialData: page,
    refetchInterval: Math.max(SHORTEST_INTERVAL_MS, refetchIntervalOf(progress)),
  });
  const hrefOf = (next: { state?: RecipientState | undefined; cursor?: string | null }) =>
    `/campaigns/${progress.id}${queryString(next)}#recipients` as Route;

  return (
    <section id="recipients" aria-labelledby="recipients-title" className="scroll-mt-20">
      <h2 id="recipients-title" className="mb-2 font-semibold text-lg">
        Recipients
      </h2>
      <LinkTabs
        label="Recipients by state"
        tabs={[
          { href: hrefOf({}), label: "All", current: !query.state, count: progress.totalRecipients },
          ...statesShown(progress, query.state).map((state) => ({
            href: hrefOf({ state }),
            label: recipientStateWords[state],
            current: query.state === state,
            count: countOf(progress, state),
          })),
        ]}
      />
      {error && (
        <Alert tone="warning" title="This list may be out of date" className="mb-4">
          {error.message}
        </Alert>
      )}
      {data.items.length > 0 ? (
        <RecipientsTable recipients={data.items} timeZone={timeZone} />
      ) : (
        <Card>
          <EmptyState icon={UsersRound} title={query.state ? "Nobody here right now" : "Nobody yet"}>
            {query.state ? (
              <Link href={hrefOf({})} className="text-primary underline underline-offset-4">
                Show everybody
              </Link>
            ) : (
              "The list of people is fixed when sending starts."
            )}
          </EmptyState>
        </Card>
      )}
      <Pagination
        label="Pages of recipients"
        summary={
          query.cursor && (
            <Link href={hrefOf({ state: query.state })} className="text-primary underline underline-offset-4">
              Back to the beginning
            </Link>
          )
        }
        nextHref={data.nextCursor ? hrefOf({ state: query.state, cursor: data.nextCursor }) : null}
      />
    </section>
  );
}

/** The steps of the funnel always; everything else when there is somebody in it or it is being looked at. */
function statesShown(progress: CampaignProgress, current: RecipientState | undefined): RecipientState[] {
  const always: RecipientState[] = ["reached_sent", "reached_delivered", "read", "reached_failed"];
  const sometimes: RecipientState[] = ["queued", "sending", "held", "unknown", "skipped"];
  const shown = [
    ...always,
    ...sometimes.filter((state) => state === current || countOf(progress, state) > 0),
  ];
  return current && !shown.includes(current) ? [...shown, current] : shown;
}

function countOf(progress: CampaignProgress, state: RecipientState): number {
  switch (state) {
    case "reached_sent":
      return progress.sentCount;
    case "reached_delivered":
      return progress.deliveredCount;
    case "reached_failed":
      return progress.failedCount;
    default:
      return progress.states[state];
  }
}
