import { isTimeout } from "@/lib/db/errors";
import { conflict, notFound } from "@/lib/errors";
import { endOfDay, startOfDay } from "@/lib/event-console/days";
import type { EventPage, EventReport, ListedEvent } from "@/lib/event-console/queries";
import {
  type EventState,
  eventConsoleRepository,
  type ListedEvent as ListedRow,
  MAX_COUNTED,
} from "@/lib/event-console/repository";
import type { EventFilter, EventListQuery, EventQuery } from "@/lib/event-console/schema";
import { idsIn } from "@/lib/event-console/subjects";
import { describeEvent, NOT_REPEATED, resultOf } from "@/lib/event-console/words";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";
import { NO_MESSAGE } from "@/lib/webhook-events/repository";
import { wakeProcessor } from "@/lib/webhook-events/service";

/** A search reads every event it looks at, so without a first day it looks at the last few only. */
export const SEARCHED_DAYS = 7;
const DAY_MS = 86_400_000;

/** The instants that the days of a query mean in the account's time zone. */
export async function filterOf(
  userId: UserId,
  { kind, result, from, to, search }: EventQuery,
): Promise<EventFilter> {
  const { timeZone } = await userRepository.get(userId);
  const until = to && endOfDay(to, timeZone);
  const searchedFrom = search && new Date((until || new Date()).getTime() - SEARCHED_DAYS * DAY_MS);
  const since = from ? startOfDay(from, timeZone) : searchedFrom;
  return {
    ...(kind && { kind }),
    ...(result && { result }),
    ...(since && { from: since.toISOString() }),
    ...(until && { until: until.toISOString() }),
    ...(search && { search }),
  };
}

export async function listEvents(
  userId: UserId,
  { cursor, direction, ...query }: EventListQuery,
): Promise<EventPage> {
  const filter = await filterOf(userId, query);
  const searchedFrom = query.search && !query.from ? (filter.from ?? null) : null;
  try {
    const page = await eventConsoleRepository.list(userId, filter, { cursor, direction });
    return { ...page, items: page.items.map(listed), searchedFrom, isTooSlow: false };
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return { items: [], nextCursor: null, previousCursor: null, searchedFrom, isTooSlow: true };
  }
}

/** Null when counting takes too long. */
export async function countEvents(
  userId: UserId,
  query: EventQuery,
): Promise<{ count: number; isMore: boolean } | null> {
  try {
    const count = await eventConsoleRepository.count(userId, await filterOf(userId, query));
    return { count: Math.min(count, MAX_COUNTED), isMore: count > MAX_COUNTED };
  } catch (error) {
    if (!isTimeout(error)) throw error;
    return null;
  }
}

/** An event with what it is about, as far as that is there. */
export async function findEvent(userId: UserId, eventId: string): Promise<EventReport | null> {
  const event = await eventConsoleRepository.find(userId, eventId);
  if (!event) return null;
  const subjects = await eventConsoleRepository.findSubjects(userId, idsIn(event.payload));
  return { ...stateOf(event), isRepeatable: event.isRepeatable, payload: event.payload, ...subjects };
}

export async function getEvent(userId: UserId, eventId: string): Promise<EventReport> {
  const event = await findEvent(userId, eventId);
  if (!event) throw notFound("Event");
  return event;
}

/** Processes an event once more, soon; one that nobody has finished with is processed anyway. */
export async function replayEvent(userId: UserId, eventId: string): Promise<void> {
  if (!(await eventConsoleRepository.reset(userId, eventId))) {
    const { isRepeatable } = await getEvent(userId, eventId);
    if (!isRepeatable) throw conflict(NOT_REPEATED);
  }
  wakeProcessor();
}

const listed = (row: ListedRow): ListedEvent => ({ ...stateOf(row), about: describeEvent(row) });

const stateOf = (event: EventState) => ({
  id: event.id,
  eventType: event.eventType,
  receivedAt: event.receivedAt,
  processedAt: event.processedAt,
  result: resultOf(event, NO_MESSAGE),
  errorMessage: event.errorMessage,
});
