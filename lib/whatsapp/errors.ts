/**
 * Whom a refusal concerns, and so how far it reaches:
 * - `person`: only this person
 * - `stopped`: only this person, who wants no more marketing from us; that is an opt-out
 * - `request`: the message as we wrote it; ten in a row mean that all are written wrongly, and the campaign pauses
 * - `template`: everybody whom this template is for; the campaign pauses and the template is read again
 * - `account`: nothing of this account can be sent; all its campaigns pause
 * - `pair`: one person got too much in a short time; only this message waits
 * - `rate`: the number or the app is too fast; it slows down
 * - `platform`: WhatsApp has a problem of its own
 */
export type Scope = "person" | "stopped" | "request" | "template" | "account" | "pair" | "rate" | "platform";

/**
 * - `soon`: was not accepted and is tried again by itself, within seconds or minutes
 * - `days`: by itself after a day or more, if the owner lets it
 * - `owner`: another try may succeed once the owner has seen to the cause
 * - `never`: another try would end the same
 */
export type Retry = "soon" | "days" | "owner" | "never";

export type Cause = { scope: Scope; retry: Retry; words: string; advice: string };

const cause =
  (scope: Scope, retry: Retry) =>
  (words: string, advice = ""): Cause => ({ scope, retry, words, advice });

const forGood = cause("person", "never");
const forNow = cause("person", "owner");
const miswritten = cause("request", "owner");
const byTemplate = cause("template", "owner");
const byAccount = cause("account", "owner");
const tooFast = cause("rate", "soon");
const onTheirSide = cause("platform", "soon");

const reconnect = "Create a new access token and connect again in Settings.";

/** Meta's codes: source Meta, "Cloud API error codes" (September 2026). */
const causes: Record<number, Cause> = {
  0: byAccount("WhatsApp did not accept the access token.", reconnect),
  1: onTheirSide("WhatsApp had an unknown problem."),
  2: onTheirSide("WhatsApp is temporarily unavailable."),
  3: byAccount(
    "The Meta app lacks the permission to send messages.",
    "Give the app the WhatsApp product, then resume.",
  ),
  4: tooFast("Too many calls to WhatsApp in a short time."),
  10: byAccount(
    "The access token lacks a permission.",
    "Create one with whatsapp_business_messaging, and connect again in Settings.",
  ),
  17: tooFast("Too many calls to WhatsApp in a short time."),
  32: tooFast("Too many calls to WhatsApp in a short time."),
  33: byAccount(
    "WhatsApp does not know this phone number id any more.",
    "Check the phone number id in Settings.",
  ),
  100: miswritten(
    "WhatsApp did not understand the message.",
    "Check the template and the values of this person.",
  ),
  102: byAccount("The access token is no longer valid.", reconnect),
  104: byAccount("The access token is missing.", reconnect),
  190: byAccount("The access token has expired or was revoked.", reconnect),
  200: byAccount(
    "The access token lacks access to this WhatsApp account.",
    "Assign the account to the token's system user in Meta's business settings, then resume.",
  ),
  341: tooFast("Too many calls to WhatsApp in a short time."),
  368: byAccount(
    "Meta has blocked this account for a policy violation.",
    "See the account quality page in Meta's business settings. Resume only when the block is lifted.",
  ),
  613: tooFast("Too many calls to WhatsApp in a short time."),
  2635: byAccount(
    "WhatsApp has switched off the version of its API that Campanile calls.",
    "Whoever runs Campanile sets a newer one in WHATSAPP_GRAPH_URL. Then resume.",
  ),
  80007: tooFast("Too many calls to WhatsApp in a short time."),
  80008: tooFast("Too many calls to WhatsApp in a short time."),
  130403: forGood("You have blocked this person in WhatsApp."),
  130429: tooFast("The number's messages per second are used up."),
  130472: forGood("WhatsApp keeps this person out of marketing messages as part of an experiment."),
  130497: forGood("The account may not message people in this country."),
  131000: onTheirSide("WhatsApp had an internal problem."),
  131005: byAccount("The access token lacks a permission.", reconnect),
  131008: miswritten("The message lacks a value that WhatsApp asks for.", "Check the template's variables."),
  131009: miswritten(
    "A value of the message is not valid.",
    "Check the phone number and the values of this person.",
  ),
  131016: onTheirSide("WhatsApp is temporarily unavailable."),
  131021: forGood("This is your own number."),
  131026: forNow(
    "The number is not reachable on WhatsApp.",
    "The person may have no WhatsApp, an old version, or not have accepted its terms.",
  ),
  131030: forNow(
    "A test number may only message the people on its list.",
    "Add the person to the list at Meta.",
  ),
  131031: byAccount(
    "Meta has locked this account.",
    "See the account quality page in Meta's business settings.",
  ),
  131036: forNow("The message did not reach any of the person's devices."),
  131037: byAccount(
    "The number's display name is not approved yet.",
    "Wait for Meta's approval of the name, then resume.",
  ),
  131042: byAccount(
    "Meta sees a payment problem.",
    "Check the payment method in Meta's business settings, then resume.",
  ),
  131045: byAccount("The number must be registered again.", "Register it with the Cloud API, then resume."),
  131047: forGood("More than 24 hours have passed since this person last wrote."),
  131048: byAccount(
    "Too many people reported or blocked messages from this number.",
    "Wait until the number's quality has recovered before you resume.",
  ),
  131049: cause(
    "person",
    "days",
  )("WhatsApp held this back: the person has had enough marketing messages for now."),
  131050: cause("stopped", "never")("The person has stopped marketing messages from you in WhatsApp."),
  131051: miswritten("WhatsApp does not support this type of message."),
  131052: miswritten("WhatsApp could not load the media file.", "Upload the file again."),
  131053: miswritten(
    "WhatsApp could not use the media file.",
    "Upload the file again, in a format WhatsApp takes.",
  ),
  131055: miswritten("This number may not send this type of message."),
  131056: cause("pair", "soon")("Too many messages to this person in a short time."),
  131057: onTheirSide("The number is being upgraded."),
  131062: forGood("WhatsApp needs this person's phone number for this template."),
  131063: byTemplate(
    "Marketing templates are switched off for this account.",
    "Switch them on at Meta, then resume.",
  ),
  131064: byAccount(
    "Meta has stopped this account because templates have the wrong category.",
    "Correct the categories at Meta, then resume.",
  ),
  132000: byTemplate(
    "The number of values does not fit the template.",
    "Check whether the template was changed.",
  ),
  132001: byTemplate(
    "The template does not exist in this language or is not approved.",
    "Check the template in WhatsApp Manager.",
  ),
  132005: forNow("With this person's values the text is longer than WhatsApp allows.", "Shorten the values."),
  132007: byTemplate("The template breaks WhatsApp's formatting rules."),
  132008: miswritten("A value is not valid for the template.", "Check the values of this person."),
  132012: byTemplate("A value has a form the template does not allow.", "Check the template's variables."),
  132015: byTemplate(
    "Meta has paused the template because of its quality.",
    "Resume when Meta has released it.",
  ),
  132016: byTemplate("Meta has disabled the template for good.", "Create a new template."),
  132018: byTemplate("The message does not fit the template.", "Check whether the template was changed."),
  132068: byTemplate("The template's flow is blocked."),
  132069: byTemplate("The template's flow may be sent to a few people an hour only."),
  133004: onTheirSide("WhatsApp is temporarily unavailable."),
  133006: byAccount(
    "The phone number must be verified again.",
    "Verify it in WhatsApp Manager, then resume.",
  ),
  133010: byAccount(
    "The phone number is not registered with the Cloud API.",
    "Register it in WhatsApp Manager, then resume.",
  ),
  134102: byTemplate("This account may not send this template."),
  135000: miswritten("WhatsApp refused the message without saying why."),
  137000: forNow("The person's WhatsApp identity has changed."),
  139200: byAccount("Meta has blocked sending for this account.", "See the account quality page at Meta."),
};

/** An unknown code is final for this person and never counts as an opt-out. */
const unknown = forNow("WhatsApp refused the message for a reason we do not know.");

/** Meta keeps 200 to 299 for what a token may not do. */
const knownAs = (code: number) => (code >= 200 && code < 300 ? 200 : code);

/** Whether we have words of our own for a code. */
export const isKnownCode = (code: number) => knownAs(code) in causes;

export const causeOf = (code: number): Cause => causes[knownAs(code)] ?? unknown;

/** What an owner reads when a whole campaign or account had to stop. */
export function reasonOf(code: number): string {
  const { words, advice } = causeOf(code);
  return `${words}${advice && ` ${advice}`} (${code})`;
}

/** The codes after which another try would end the same; every other failed message may be tried again. */
export const finalCodes: string[] = Object.entries(causes)
  .filter(([, { retry }]) => retry === "never")
  .map(([code]) => code);
