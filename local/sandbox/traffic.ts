import type { Activity } from "./activity";
import type { Update } from "./envelope";
import { newMessageId } from "./ids";
import type { Ledger } from "./ledger";
import type { PhoneNumber } from "./model";
import type { Outcome, Reply } from "./outcomes";
import type { Outstanding } from "./outstanding";
import { type Person, personOf, personOfUserId } from "./people";
import type { Schedule } from "./schedule";
import type { Settings } from "./settings";
import type { State } from "./state";
import { type Pricing, writeContact, writeReply, writeStatus } from "./updates";
import type { Webhooks } from "./webhooks";

/** One thing that will be told about an accepted message; its place in the plan names it in the ledger. */
export type PlannedEvent =
  | { at: number; status: "sent" | "delivered" | "read"; priced: boolean }
  | { at: number; status: "failed"; code: number }
  | { at: number; reply: Reply; id: string };

/** All that is needed to tell a business what became of its message. The ledger keeps it with the answer. */
export type AcceptedMessage = {
  wamid: string;
  phoneNumberId: string;
  phone: string | null;
  userId: string;
  callbackData: string | null;
  pricing: Pricing;
  /** Whether it took a place in the messaging limit. */
  initiated: boolean;
  held: boolean;
  plan: PlannedEvent[];
};

/** Who is written of: the same for all events of a message. */
type Subject = { person: Person; contact: string };

/** A message on its way through its plan. `subject` is known once somebody is to be told of it. */
type Journey = {
  message: AcceptedMessage;
  number: PhoneNumber;
  businessId: string;
  subject: Subject | null;
  settled: ReadonlySet<number> | undefined;
  /** The place in the plan of what happens next. */
  next: number;
  /** How much the business has not acknowledged. */
  left: number;
};

type FollowOptions = { settled?: ReadonlySet<number>; firstNow?: boolean };

export type Traffic = ReturnType<typeof createTraffic>;

type Dependencies = {
  state: State;
  settings: Settings;
  ledger: Ledger;
  schedule: Schedule;
  webhooks: Webhooks;
  activity: Activity;
  outstanding: Outstanding;
};

/** Follows accepted messages until the business knows everything about them. */
export function createTraffic(dependencies: Dependencies) {
  const { state, settings, ledger, schedule, webhooks, activity, outstanding } = dependencies;
  const held = new Map<string, AcceptedMessage>();

  function begin(message: AcceptedMessage, settled: ReadonlySet<number> | undefined): Journey | null {
    const number = state.phoneNumbers.get(message.phoneNumberId);
    const waba = number && state.wabas.get(number.wabaId);
    if (!number || !waba) return null;
    const left = settled
      ? message.plan.filter((_, index) => !settled.has(index)).length
      : message.plan.length;
    return { message, number, businessId: waba.businessId, subject: null, settled, next: 0, left };
  }

  /** The place of the next event that is not acknowledged yet; undefined after the last. */
  function nextOf(journey: Journey): PlannedEvent | undefined {
    while (journey.settled?.has(journey.next)) journey.next += 1;
    return journey.message.plan[journey.next];
  }

  function subjectOf({ message, businessId }: Journey): Subject {
    const person =
      message.phone === null ? personOfUserId(message.userId) : personOf(businessId, message.phone);
    return { person, contact: writeContact(person) };
  }

  function updateFor(journey: Journey, event: PlannedEvent, index: number): Update {
    const { message, number } = journey;
    journey.subject ??= subjectOf(journey);
    const { person, contact } = journey.subject;
    const isReply = "reply" in event;
    return {
      wabaId: number.wabaId,
      phoneNumberId: number.id,
      field: "messages",
      at: event.at,
      content: isReply
        ? { list: "messages", item: writeReply(message, event, person, number), contact }
        : {
            list: "statuses",
            item: writeStatus(message, event, person),
            contact: event.status === "failed" ? null : contact,
          },
      ref: isReply
        ? { id: event.id, type: event.reply.type, of: message.wamid, event: index }
        : {
            id: message.wamid,
            status: event.status,
            event: index,
            callbackData: message.callbackData ?? undefined,
          },
      settle: () => settleOne(journey),
    };
  }

  function settleOne(journey: Journey) {
    journey.left -= 1;
    if (journey.left === 0) outstanding.remove(journey.message.wamid);
  }

  function emit(journey: Journey, event: PlannedEvent, index: number) {
    const { message, number } = journey;
    if ("reply" in event) activity.openWindow(message.phoneNumberId, message.userId, event.at);
    if ("code" in event && event.code === 131050) noteStop(message);
    if (webhooks.isHeard(number.wabaId, number.id)) webhooks.push(updateFor(journey, event, index));
    else settleOne(journey);
  }

  /** Tells what has happened by now and comes back for the rest. */
  function proceed(journey: Journey) {
    const now = Date.now();
    for (let event = nextOf(journey); event; event = nextOf(journey)) {
      if (event.at > now) return schedule.at(event.at, () => proceed(journey));
      emit(journey, event, journey.next++);
    }
  }

  function noteStop({ phoneNumberId, userId }: AcceptedMessage) {
    const businessId = businessOf(phoneNumberId);
    if (state.stopped.has(`${businessId} ${userId}`)) return;
    state.stopped.add(`${businessId} ${userId}`);
    state.save();
  }

  const businessOf = (phoneNumberId: string): string =>
    state.wabas.get(state.phoneNumbers.get(phoneNumberId)?.wabaId ?? "")?.businessId ?? "";

  return {
    /** Turns outcomes into a plan with times and ids. */
    plan: (outcomes: readonly Outcome[], now: number): PlannedEvent[] =>
      outcomes.map((outcome) => {
        const at = Math.round(now + outcome.after * settings.speed);
        if ("reply" in outcome) return { at, reply: outcome.reply, id: newMessageId() };
        if ("code" in outcome) return { at, status: outcome.status, code: outcome.code };
        return { at, status: outcome.status, priced: outcome.priced };
      }),
    /**
     * Schedules whatever the business has not yet acknowledged. With `firstNow` the first event is posted at once, and
     * the promise is that of its first attempt.
     */
    follow: (
      message: AcceptedMessage,
      position: number,
      { settled, firstNow = false }: FollowOptions = {},
    ) => {
      outstanding.add(message.wamid, position);
      if (message.held) {
        held.set(message.wamid, message);
        return null;
      }
      const journey = begin(message, settled);
      if (!journey || journey.left === 0) {
        outstanding.remove(message.wamid);
        return null;
      }
      const first = firstNow ? nextOf(journey) : undefined;
      const firstIndex = journey.next;
      if (first) journey.next += 1;
      const next = nextOf(journey);
      if (next) schedule.at(next.at, () => proceed(journey));
      return first ? webhooks.deliverNow(updateFor(journey, first, firstIndex)) : null;
    },
    held: () => [...held.values()],
    /** Template pacing: held messages are let go, or dropped with 132015 ("Template pacing"). */
    decideHeld: (message: AcceptedMessage, plan: PlannedEvent[]): AcceptedMessage => {
      const decided = { ...message, held: false, plan };
      held.delete(message.wamid);
      ledger.append("plan", { phoneNumberId: message.phoneNumberId, message: decided });
      return decided;
    },
  };
}
