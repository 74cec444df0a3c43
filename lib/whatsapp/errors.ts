/**
 * What a refusal means for us:
 * - `person`: final for this person only
 * - `optOut`: final, and the person does not want marketing from us
 * - `later`: not accepted, may be tried again after a pause
 * - `campaign`: everyone after would get the same answer, so the campaign pauses
 * - `account`: nothing of this account can be sent, so all its campaigns pause
 */
export type Effect = "person" | "optOut" | "later" | "campaign" | "account";

type Cause = { effect: Effect; words: string };

/** Meta's codes in plain words. Source: Meta, Cloud API error codes (September 2026). */
const causes: Record<number, Cause> = {
  0: { effect: "account", words: "WhatsApp did not accept the access token. Connect again in Settings." },
  1: { effect: "later", words: "WhatsApp had an unknown problem." },
  2: { effect: "later", words: "WhatsApp is temporarily unavailable." },
  3: { effect: "account", words: "The Meta app lacks the permission to send messages." },
  4: { effect: "later", words: "Too many calls to WhatsApp in a short time." },
  10: {
    effect: "account",
    words: "The access token lacks a permission. Create one with whatsapp_business_messaging.",
  },
  33: { effect: "account", words: "WhatsApp does not know this phone number id any more." },
  102: { effect: "account", words: "The access token is no longer valid. Connect again in Settings." },
  104: { effect: "account", words: "The access token is missing. Connect again in Settings." },
  190: {
    effect: "account",
    words: "The access token has expired or was revoked. Connect again in Settings.",
  },
  200: { effect: "account", words: "The access token lacks access to this WhatsApp account." },
  368: { effect: "account", words: "Meta has blocked this account for a policy violation." },
  80007: { effect: "later", words: "Too many calls to WhatsApp in a short time." },
  130403: { effect: "person", words: "You have blocked this person in WhatsApp." },
  130429: { effect: "later", words: "The number's messages per second are used up." },
  130472: {
    effect: "person",
    words: "WhatsApp keeps this person out of marketing messages as part of an experiment.",
  },
  130497: { effect: "person", words: "The account may not message people in this country." },
  131000: { effect: "later", words: "WhatsApp had an internal problem." },
  131005: { effect: "account", words: "The access token lacks a permission." },
  131016: { effect: "later", words: "WhatsApp is temporarily unavailable." },
  131021: { effect: "person", words: "This is your own number." },
  131026: { effect: "person", words: "The number is not reachable on WhatsApp." },
  131030: { effect: "person", words: "A test number may only message the people on its list." },
  131031: { effect: "account", words: "Meta has locked this account." },
  131037: { effect: "account", words: "The number's display name is not approved yet." },
  131042: {
    effect: "account",
    words: "Meta sees a payment problem. Check the payment method in Meta's Business Manager.",
  },
  131045: { effect: "account", words: "The number must be registered again." },
  131047: { effect: "person", words: "More than 24 hours have passed since this person last wrote." },
  131048: { effect: "account", words: "Too many people reported or blocked messages from this number." },
  131049: {
    effect: "person",
    words: "WhatsApp held this back: the person has had enough marketing messages for now.",
  },
  131050: { effect: "optOut", words: "The person has stopped marketing messages from you in WhatsApp." },
  131053: { effect: "person", words: "WhatsApp could not use the media file." },
  131056: { effect: "later", words: "Too many messages to this person in a short time." },
  131057: { effect: "later", words: "The number is being upgraded." },
  132000: {
    effect: "campaign",
    words: "The number of values does not fit the template. Check whether it was changed.",
  },
  132001: { effect: "campaign", words: "The template does not exist in this language or is not approved." },
  132005: { effect: "person", words: "With this person's values the text is longer than WhatsApp allows." },
  132007: { effect: "campaign", words: "The template breaks WhatsApp's formatting rules." },
  132012: { effect: "campaign", words: "A value has a form the template does not allow." },
  132015: { effect: "campaign", words: "Meta has paused the template because of its quality." },
  132016: { effect: "campaign", words: "Meta has disabled the template for good." },
  132018: { effect: "campaign", words: "The message does not fit the template." },
  133004: { effect: "later", words: "WhatsApp is temporarily unavailable." },
  133010: { effect: "account", words: "The phone number is not registered with the Cloud API." },
};

/** The number or the app sends faster than Meta takes: calls of the app (4), of the account (80007), of the number. */
const rateLimits = new Set([4, 80007, 130429]);

export const isRateLimit = (code: number) => rateLimits.has(code);

/** Whether we have words of our own for a code. */
export const isKnownCode = (code: number) => code in causes;

/** An unknown code is final for this person and never counts as an opt-out. */
export function causeOf(code: number): Cause {
  return (
    causes[code] ?? { effect: "person", words: "WhatsApp refused the message for a reason we do not know." }
  );
}
