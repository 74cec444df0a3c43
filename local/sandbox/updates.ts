import { errorTable } from "./error-table";
import type { PhoneNumber } from "./model";
import type { Reply } from "./outcomes";
import type { Person } from "./people";

/** "Pricing on the WhatsApp Business Platform", per-message pricing since July 2025. */
export type Pricing = { billable: boolean; pricing_model: "PMP"; type: string; category: string };

/** From this day on utility inside a window and service messages are charged too (1 October 2026, UTC). */
const chargedInsideWindow = Date.UTC(2026, 9, 1);

export function pricingOf(category: string, insideWindow: boolean, now: number): Pricing {
  const couldBeFree = category === "service" || category === "utility";
  const free = insideWindow && couldBeFree && now < chargedInsideWindow;
  return {
    billable: !free,
    pricing_model: "PMP",
    type: free ? "free_customer_service" : "regular",
    category,
  };
}

type StatusEvent =
  | { at: number; status: "sent" | "delivered" | "read"; priced: boolean }
  | { at: number; status: "failed"; code: number };

type Told = { wamid: string; callbackData: string | null; pricing: Pricing };

const seconds = (at: number): string => String(Math.floor(at / 1000));

/** Written thousands of times a second: fields that do not apply are undefined, which is faster than to spread. */
export function writeStatus(message: Told, event: StatusEvent, person: Person): string {
  return JSON.stringify({
    id: message.wamid,
    status: event.status,
    timestamp: seconds(event.at),
    recipient_id: person.hidden ? undefined : person.waId,
    recipient_user_id: person.userId,
    biz_opaque_callback_data: message.callbackData ?? undefined,
    pricing: event.status !== "failed" && event.priced ? message.pricing : undefined,
    errors: event.status === "failed" ? [statusError(event.code)] : undefined,
  });
}

/** Errors in a webhook have a title and a link, but neither type nor trace id ("Error codes"). */
function statusError(code: number) {
  const [, title, details] = errorTable[code] ?? [400, "Unknown error", "Unknown error"];
  return {
    code,
    title,
    message: title,
    error_data: { details },
    href: "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
  };
}

export const writeContact = (person: Person): string =>
  JSON.stringify({
    profile: {
      name: person.name,
      username: person.hidden ? `@${person.userId.slice(-8)}` : undefined,
    },
    wa_id: person.hidden ? undefined : person.waId,
    user_id: person.userId,
  });

export type InboundContent = { type: string; [body: string]: unknown };

export const writeInbound = (
  id: string,
  at: number,
  person: Person,
  content: InboundContent,
  context?: object,
): string =>
  JSON.stringify({
    ...(context && { context }),
    ...(!person.hidden && { from: person.waId }),
    from_user_id: person.userId,
    id,
    timestamp: seconds(at),
    ...content,
  });

export function writeReply(
  message: Told,
  event: { at: number; id: string; reply: Reply },
  person: Person,
  number: PhoneNumber,
): string {
  const { reply } = event;
  const context = { from: number.displayPhoneNumber.replace(/\D/g, ""), id: message.wamid };
  switch (reply.type) {
    case "text":
      return writeInbound(event.id, event.at, person, { type: "text", text: { body: reply.text } });
    case "button":
      return writeInbound(
        event.id,
        event.at,
        person,
        { type: "button", button: { payload: reply.payload, text: reply.text } },
        context,
      );
    case "button_reply":
      return writeInbound(
        event.id,
        event.at,
        person,
        {
          type: "interactive",
          interactive: { type: "button_reply", button_reply: { id: reply.id, title: reply.title } },
        },
        context,
      );
  }
}
