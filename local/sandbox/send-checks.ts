import { GraphError, refusal } from "./graph-error";
import type { MessageRequest } from "./message-rules";
import type { PhoneNumber, Template, Waba } from "./model";
import { digitsOf } from "./people";

export type Endpoint = "messages" | "marketing_messages";

/** "Error codes": what the state of the account forbids, whatever is sent. */
export function checkAccount({ state }: Waba, number: PhoneNumber): void {
  const codes = { active: null, restricted: 368, locked: 131031, payment_issue: 131042, maintenance: 131057 };
  const code = codes[state];
  if (code !== null) throw refusal(code);
  if (!number.registered) throw refusal(133010);
}

/** "Marketing Messages API": templates of the marketing category only, and only after onboarding. */
export function checkEndpoint(endpoint: Endpoint, request: MessageRequest, waba: Waba): void {
  if (endpoint === "messages") return;
  if (!waba.marketingMessagesOnboarded) throw refusal(134102);
  if (request.template === null) throw refusal(131055);
}

export function checkCategory(endpoint: Endpoint, { category }: Template, waba: Waba): void {
  if (endpoint === "marketing_messages" && category !== "MARKETING") throw refusal(134100);
  if (endpoint === "messages" && category === "MARKETING" && waba.marketingDisabledOnCloudApi)
    throw refusal(131063);
}

export function checkRecipient(number: PhoneNumber, to: string | null): void {
  if (to === null) return;
  const mayBeOwn = number.displayPhoneNumber.endsWith(to.slice(-2));
  if (mayBeOwn && to === digitsOf(number.displayPhoneNumber)) throw refusal(131021);
  if (number.allowList && !number.allowList.includes(to)) {
    throw new GraphError(131030, {
      message: "(#131030) Recipient phone number not in allowed list",
      details:
        "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
      subcode: 2655007,
    });
  }
}
