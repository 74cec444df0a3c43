import type { Activity } from "./activity";
import type { BusinessEvent, Events } from "./events";
import type { Ledger, LedgerEntry } from "./ledger";
import type { State } from "./state";
import type { AcceptedMessage, Traffic } from "./traffic";

type Dependencies = { state: State; ledger: Ledger; activity: Activity; traffic: Traffic; events: Events };

type Told = { id?: string; of?: string; event?: number };

/**
 * Reads the ledger from the last checkpoint and takes up every webhook that was not answered with 200. A webhook whose
 * answer is missing is sent again: Meta, too, promises at least once.
 */
export async function recover({ state, ledger, activity, traffic, events }: Dependencies): Promise<void> {
  const messages = new Map<string, AcceptedMessage>();
  const waiting = new Map<string, BusinessEvent>();
  const deliveries = new Map<string, { told: readonly Told[]; at: number }>();
  const settled = new Map<string, Set<number>>();
  const start = activity.checkpoint.position;

  const businessOf = (phoneNumberId: string) =>
    state.wabas.get(state.phoneNumbers.get(phoneNumberId)?.wabaId ?? "")?.businessId ?? "";

  function settle({ told, at }: { told: readonly Told[]; at: number }) {
    for (const { id = "", of, event } of told) {
      if (event === undefined) waiting.delete(id);
      else {
        const wamid = of ?? id;
        const known = settled.get(wamid) ?? new Set<number>();
        settled.set(wamid, known.add(event));
        const message = of === undefined ? undefined : messages.get(of);
        if (message) activity.openWindow(message.phoneNumberId, message.userId, at);
      }
    }
  }

  function read(entry: LedgerEntry) {
    const message = entry.message as AcceptedMessage | undefined;
    if (message) {
      messages.set(message.wamid, message);
      if (message.initiated)
        activity.noteInitiated(businessOf(message.phoneNumberId), message.userId, entry.at);
    }
    if (entry.kind === "event") {
      const event = entry as unknown as BusinessEvent;
      waiting.set(event.eventId, event);
      if (event.userId !== undefined && event.phoneNumberId !== null) {
        activity.openWindow(event.phoneNumberId, event.userId, event.at);
      }
    }
    if (entry.kind === "webhook" && Array.isArray(entry.updates)) {
      deliveries.set(String(entry.deliveryId), { told: entry.updates as Told[], at: entry.at });
    }
    if (entry.kind === "webhook_answer" && entry.status === 200) {
      const delivery = deliveries.get(String(entry.deliveryId));
      if (delivery) settle(delivery);
      deliveries.delete(String(entry.deliveryId));
    }
  }

  await ledger.scan(activity.checkpoint, read);
  for (const message of messages.values()) {
    const done = settled.get(message.wamid) ?? new Set<number>();
    if (message.held || done.size < message.plan.length)
      void traffic.follow(message, start, { settled: done });
  }
  for (const event of waiting.values()) events.tell(event, start);
}
