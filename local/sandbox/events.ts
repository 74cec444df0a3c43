import type { Activity } from "./activity";
import type { UpdateContent } from "./envelope";
import { newHex, newMessageId } from "./ids";
import type { Ledger } from "./ledger";
import type { PhoneNumber, Template, Waba } from "./model";
import type { Outstanding } from "./outstanding";
import { type Person, personOf } from "./people";
import type { State } from "./state";
import { type InboundContent, writeContact, writeInbound } from "./updates";
import type { Webhooks } from "./webhooks";

/** Something that happened by itself, not as the outcome of a message. The ledger keeps it until it is told. */
export type BusinessEvent = {
  eventId: string;
  wabaId: string;
  phoneNumberId: string | null;
  field: string;
  at: number;
  content: UpdateContent;
  /** Whose window it opens. */
  userId?: string;
};

type Dependencies = {
  state: State;
  ledger: Ledger;
  webhooks: Webhooks;
  activity: Activity;
  outstanding: Outstanding;
};

export type Events = ReturnType<typeof createEvents>;

export function createEvents({ state, ledger, webhooks, activity, outstanding }: Dependencies) {
  function tell(event: BusinessEvent, position: number) {
    outstanding.add(event.eventId, position);
    webhooks.push({
      ...event,
      ref: { id: event.eventId, field: event.field },
      settle: () => outstanding.remove(event.eventId),
    });
  }

  function announce(event: Omit<BusinessEvent, "eventId" | "at">, eventId = newHex(8)): string {
    const position = ledger.position();
    const whole = { ...event, eventId, at: Date.now() };
    ledger.append("event", whole);
    tell(whole, position);
    return eventId;
  }

  /** Writes the ledger first: a crash between the two repeats the event instead of losing it. */
  function saveAfterLedger() {
    ledger.flush();
    state.save();
  }

  return {
    tell,
    announceChange: (
      wabaId: string,
      field: string,
      value: object,
      phoneNumberId: string | null = null,
    ): string => announce({ wabaId, phoneNumberId, field, content: { value: JSON.stringify(value) } }),
    /** A message from a person; it opens the customer service window. */
    announceInbound: (
      number: PhoneNumber,
      person: Person,
      content: InboundContent,
      context?: object,
    ): string => {
      const id = newMessageId();
      const now = Date.now();
      activity.openWindow(number.id, person.userId, now);
      const item = writeInbound(id, now, person, content, context);
      const told = { list: "messages" as const, item, contact: writeContact(person) };
      return announce(
        {
          wabaId: number.wabaId,
          phoneNumberId: number.id,
          field: "messages",
          content: told,
          userId: person.userId,
        },
        id,
      );
    },
    /** "user_preferences": a person stops, resumes or signs up for marketing messages in WhatsApp itself. */
    announcePreference: (
      number: PhoneNumber,
      waba: Waba,
      phone: string,
      value: "stop" | "resume" | "signup",
    ): string => {
      const person = personOf(waba.businessId, phone);
      const key = `${waba.businessId} ${person.userId}`;
      if (value === "stop") state.stopped.add(key);
      else state.stopped.delete(key);
      const item = JSON.stringify({
        ...(!person.hidden && { wa_id: person.waId }),
        user_id: person.userId,
        detail: `User requested to ${value === "signup" ? "sign up for" : value} marketing messages`,
        category: "marketing_messages",
        value,
        ...(value === "signup" && { signup_id: newHex(8) }),
        timestamp: Math.floor(Date.now() / 1000),
      });
      const eventId = announce({
        wabaId: waba.id,
        phoneNumberId: number.id,
        field: "user_preferences",
        content: { list: "user_preferences", item, contact: writeContact(person) },
      });
      saveAfterLedger();
      return eventId;
    },
    /** "message_template_status_update"; the template's own state is saved with it. */
    announceTemplate: (template: Template, event: string, extras: object = {}): string => {
      const eventId = announce({
        wabaId: template.wabaId,
        phoneNumberId: null,
        field: "message_template_status_update",
        content: {
          value: JSON.stringify({
            event,
            message_template_id: Number(template.id),
            message_template_name: template.name,
            message_template_language: template.language,
            reason: template.rejectedReason,
            message_template_category: template.category,
            ...extras,
          }),
        },
      });
      saveAfterLedger();
      return eventId;
    },
  };
}
