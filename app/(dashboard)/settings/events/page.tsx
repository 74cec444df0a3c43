import { SearchX, Webhook } from "lucide-react";
import type { Metadata, Route } from "next";
import Link from "next/link";
import { EventFilters } from "@/components/events/event-filters";
import { EventTable } from "@/components/events/event-table";
import { NewestEvents } from "@/components/events/newest-events";
import { ReplayButton } from "@/components/events/replay-button";
import { ReplayCard } from "@/components/events/replay-card";
import { RetentionForm } from "@/components/events/retention-form";
import { WebhookSilence } from "@/components/events/webhook-silence";
import { SettingsHeader } from "@/components/settings/settings-header";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { Time } from "@/components/ui/time";
import { queryString } from "@/lib/api-client";
import { requireUser } from "@/lib/auth";
import { eventConsoleRepository } from "@/lib/event-console/repository";
import { type EventListQuery, eventListSchema } from "@/lib/event-console/schema";
import { countEvents, listEvents } from "@/lib/event-console/service";
import { formatEvents } from "@/lib/event-console/words";
import { replayRepository } from "@/lib/replays/repository";
import { userRepository } from "@/lib/users/repository";
import { DEFAULT_EVENT_DAYS } from "@/lib/webhook-events/schema";

export const metadata: Metadata = { title: "Webhook events" };

const DAY_MS = 86_400_000;

const hrefOf = (query: EventListQuery) => `/settings/events${queryString(query)}` as Route;

export default async function EventsPage({ searchParams }: PageProps<"/settings/events">) {
  const userId = await requireUser();
  const asked = eventListSchema.safeParse(await searchParams);
  const { cursor, direction, ...query } = asked.success ? asked.data : {};
  const [page, total, failed, replay, silentSince, account] = await Promise.all([
    listEvents(userId, { ...query, cursor, direction }),
    countEvents(userId, query),
    countEvents(userId, { result: "failed" }),
    replayRepository.findLatest(userId),
    eventConsoleRepository.findSilence(userId),
    userRepository.get(userId),
  ]);
  const { timeZone } = account;
  const days = account.webhookEventDays ?? DEFAULT_EVENT_DAYS;
  const isShown = replay?.completedAt == null || Date.now() - replay.completedAt.getTime() < DAY_MS;
  const isFiltered = Object.values(query).some(Boolean);
  const found = formatEvents(total);
  return (
    <>
      <SettingsHeader current="events" />
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-2xl text-muted-foreground text-sm">
          Everything WhatsApp reported to this account, newest first. Days and times are in {timeZone}. Events
          are kept for {days} days: those of today until{" "}
          <Time value={new Date(Date.now() + days * DAY_MS)} timeZone={timeZone} style="date" />.
        </p>
        {total !== null && total.count > 0 && (
          <ReplayButton
            query={query}
            what={isFiltered ? `these ${found}` : `all ${found}`}
            label="Process again"
          />
        )}
      </div>
      <WebhookSilence since={silentSince} timeZone={timeZone} className="mb-4" />
      {!asked.success && (
        <Alert tone="warning" className="mb-4">
          {asked.error.issues[0]?.code === "custom"
            ? "The last day is before the first, so all events are shown."
            : "The filters in this address could not be read, so all events are shown."}
        </Alert>
      )}
      {replay && isShown && <ReplayCard key={replay.id} replay={replay} timeZone={timeZone} />}
      {failed !== null && failed.count > 0 && replay?.status !== "running" && (
        <Alert
          tone="warning"
          className="mb-4"
          title={`${formatEvents(failed)} could not be processed`}
          action={
            <ReplayButton
              query={{ result: "failed" }}
              what={failed.count === 1 ? "the event that failed" : `the ${formatEvents(failed)} that failed`}
              label="Process all failed again"
            />
          }
        >
          <Link href={hrefOf({ result: "failed" })} className="underline underline-offset-4">
            Show what failed
          </Link>
        </Alert>
      )}
      <EventFilters query={query} />
      {page.searchedFrom && (
        <p className="mb-3 text-muted-foreground text-sm">
          The search looked at events since <Time value={page.searchedFrom} timeZone={timeZone} />. Choose
          days to look elsewhere.
        </p>
      )}
      {page.isTooSlow ? (
        <Alert tone="warning" title="This search takes too long">
          There are too many events in these days to read them all. Choose fewer days or one kind.
        </Alert>
      ) : page.items.length === 0 ? (
        <Card>{isFiltered ? <NothingFound /> : <NothingYet />}</Card>
      ) : cursor ? (
        <EventTable events={page.items} timeZone={timeZone} />
      ) : (
        <NewestEvents key={page.items[0]?.id} query={query} page={page} timeZone={timeZone} />
      )}
      <Pagination
        label="Pages of events"
        summary={total === null || total.count === 0 ? undefined : found}
        previousHref={
          page.previousCursor
            ? hrefOf({ ...query, cursor: page.previousCursor, direction: "previous" })
            : null
        }
        nextHref={page.nextCursor ? hrefOf({ ...query, cursor: page.nextCursor }) : null}
      />
      <RetentionForm retention={{ webhookEventDays: days }} />
    </>
  );
}

function NothingFound() {
  return (
    <EmptyState icon={SearchX} title="No event like this">
      <Link href="/settings/events" className="text-primary underline underline-offset-4">
        Show all events
      </Link>
    </EmptyState>
  );
}

function NothingYet() {
  return (
    <EmptyState icon={Webhook} title="WhatsApp has not reported anything yet">
      Deliveries, read receipts and replies appear here as soon as something is sent. If nothing comes, check
      the{" "}
      <Link href="/settings/whatsapp" className="text-primary underline underline-offset-4">
        callback URL
      </Link>
      .
    </EmptyState>
  );
}
