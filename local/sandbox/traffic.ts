import type { Activity } from "./activity";
import type { Update } from "./envelope";
import { newMessageId } from "./ids";
import type { Ledger } from "./ledger";
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

  function personOfMessage(message: AcceptedMessage, businessId: string): Person {
    return message.phone === null ? personOfUserId(message.userId) : personOf(businessId, message.phone);
  }

  function updateFor(message: AcceptedMessage, index: number, settle: () => void): Update | null {
    const event = message.plan[index];
    const number = state.phoneNumbers.get(message.phoneNumberId);
    const waba = number && state.wabas.get(number.wabaId);
    if (!event || !number || !waba) return null;
    const person = personOfMessage(message, waba.businessId);
    const isReply = "reply" in event;
    const failed = !isReply && event.status === "failed";
    return {
      wabaId: waba.id,
      phoneNumberId: number.id,
      field: "messages",
      at: event.at,
      content: {
        list: isReply ? "messages" : "statuses",
        item: isReply ? writeReply(message, event, person, number) : writeStatus(message, event, person),
        contact: failed ? null : writeContact(person),
      },
      ref: isReply
        ? { id: event.id, type: event.reply.type, of: message.wamid, event: index }
        : {
            id: message.wamid,
            status: event.status,
            event: index,
            ...(message.callbackData !== null && { callbackData: message.callbackData }),
          },
      settle,
    };
  }

  function emit(message: AcceptedMessage, index: number, settle: () => void) {
    const event = message.plan[index];
    const update = updateFor(message, index, settle);
    if (!update) return settle();
    if (event && "reply" in event) activity.openWindow(message.phoneNumberId, message.userId, event.at);
    if (event && "code" in event && event.code === 131050) noteStop(message);
    webhooks.push(update);
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
      outcomes.map(({ after, ...outcome }) => {
        const at = Math.round(now + after * settings.speed);
        return "reply" in outcome ? { at, ...outcome, id: newMessageId() } : { at, ...outcome };
      }),
    /** Schedules whatever the business has not yet acknowledged. */
    follow: (message: AcceptedMessage, position: number, settled: ReadonlySet<number> = new Set()) => {
      outstanding.add(message.wamid, position);
      if (message.held) {
        held.set(message.wamid, message);
        return;
      }
      const waiting = message.plan.flatMap((_, index) => (settled.has(index) ? [] : [index]));
      let left = waiting.length;
      const settle = () => {
        left -= 1;
        if (left <= 0) outstanding.remove(message.wamid);
      };
      if (left === 0) outstanding.remove(message.wamid);
      for (const index of waiting) {
        const event = message.plan[index];
        if (event) schedule.at(event.at, () => emit(message, index, settle));
      }
    },
    /** Posts the first event of a message before its HTTP answer leaves. */
    announceFirst: async (message: AcceptedMessage): Promise<void> => {
      const update = updateFor(message, 0, () => {});
      if (update) await webhooks.deliverNow(update);
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
