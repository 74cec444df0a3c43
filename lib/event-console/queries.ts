import { queryOptions } from "@tanstack/react-query";
import { api, queryString } from "@/lib/api-client";
import type { CampaignStatus, MessageDirection, MessageStatus } from "@/lib/db/generated/enums";
import type { EventQuery, EventResult } from "@/lib/event-console/schema";
import type { Moment } from "@/lib/moment";

export type EventState = {
  id: string;
  eventType: string;
  receivedAt: Moment;
  /** The last try, whether or not it went well. */
  processedAt: Moment | null;
  result: EventResult;
  errorMessage: string | null;
};

/** `about`: in one line what it says. */
export type ListedEvent = EventState & { about: string };

export type EventPage = {
  items: ListedEvent[];
  nextCursor: string | null;
  previousCursor: string | null;
  /** Of a search without a first day: from when on it looked. */
  searchedFrom: Moment | null;
  /** Nothing is listed because it took too long. */
  isTooSlow: boolean;
};

export type EventReport = EventState & {
  /** Whether it may be processed once more. */
  isRepeatable: boolean;
  payload: unknown;
  messages: {
    id: string;
    direction: MessageDirection;
    status: MessageStatus;
    contactId: string;
    campaignId: string | null;
    campaignName: string | null;
    campaignStatus: CampaignStatus | null;
  }[];
  people: { id: string; name: string | null; phone: string | null }[];
  templates: { id: string; name: string }[];
};

const LIVE_MS = 5000;
const SOON_MS = 1000;

/** The newest events. A tab in the background does not ask. */
export const newestEventsQuery = (query: EventQuery) =>
  queryOptions({
    queryKey: ["webhook-events", "newest", query],
    queryFn: () => api.get<EventPage>(`/api/webhook-events${queryString(query)}`),
    refetchInterval: ({ state }) => (state.data?.isTooSlow ? false : LIVE_MS),
  });

/** An event, and until it is processed what becomes of it. */
export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ["webhook-events", id],
    queryFn: () => api.get<EventReport>(`/api/webhook-events/${id}`),
    refetchInterval: ({ state }) => (state.data?.result === "pending" ? SOON_MS : false),
  });

export const replayEvent = (id: string) => api.post<null>(`/api/webhook-events/${id}/replay`);
