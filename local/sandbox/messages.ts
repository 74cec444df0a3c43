import type { Access } from "./access";
import type { Activity } from "./activity";
import type { Fault, Faults } from "./faults";
import { badParameter, GraphError, invalidParameter, missingParameter, refusal } from "./graph-error";
import { newHex, newMessageId } from "./ids";
import type { Ledger } from "./ledger";
import type { Limits } from "./limits";
import {
  checkProduct,
  isObject,
  type Json,
  type MediaRef,
  type MessageRequest,
  readMessage,
} from "./message-rules";
import type { Business, PhoneNumber, Template, Waba } from "./model";
import { decideOutcome, heldSuffix, type Outcome } from "./outcomes";
import { digitsOf, type Person, personOf, personOfUserId } from "./people";
import type { Settings } from "./settings";
import type { State } from "./state";
import { createSurprises } from "./surprises";
import { fillTemplate } from "./template-params";
import type { AcceptedMessage, Traffic } from "./traffic";
import { pricingOf } from "./updates";

/** How an answer leaves, or does not. */
export type Responder = {
  send: (status: number, body: string, headers?: Readonly<Record<string, string>>) => void;
  drop: () => void;
  truncate: (status: number, body: string) => void;
};

export type SendCall = {
  phoneNumberId: string;
  endpoint: "messages" | "marketing_messages";
  token: string | null;
  proof: string | null;
  raw: string;
  responder: Responder;
};

type Decision = {
  status: number;
  body: string;
  code?: number;
  accepted?: AcceptedMessage;
  headers?: Readonly<Record<string, string>>;
};

type Dependencies = {
  state: State;
  settings: Settings;
  ledger: Ledger;
  limits: Limits;
  activity: Activity;
  access: Access;
  faults: Faults;
  traffic: Traffic;
};

export function createMessages(dependencies: Dependencies) {
  const { state, settings, ledger, limits, activity, access, faults, traffic } = dependencies;
  const surprises = createSurprises(settings);

  function send(call: SendCall): void {
    const requestId = newHex(8);
    const parsed = parse(call.raw);
    const recipient = recipientOf(parsed);
    const { phoneNumberId } = call;
    ledger.append(
      "request",
      { requestId, phoneNumberId, to: recipient, path: `/${phoneNumberId}/${call.endpoint}` },
      ["body", onOneLine(call.raw, parsed)],
    );
    const fault = faults.onSend(phoneNumberId, recipient);
    const position = ledger.position();
    const decision = preempt(fault) ?? decide(call, parsed, fault);
    const { accepted } = decision;
    const told = tell(decision, fault, recipient);

    ledger.append(
      "answer",
      {
        requestId,
        phoneNumberId,
        to: recipient,
        status: told.how === "send" || told.how === "truncate" ? told.status : null,
        accepted: accepted !== undefined,
        ...(told.how !== "send" && { connection: told.how }),
        ...(decision.code !== undefined && { code: decision.code }),
        ...(accepted && { wamid: accepted.wamid, callbackData: accepted.callbackData, message: accepted }),
      },
      ["body", fault || !told.body.startsWith("{") ? JSON.stringify(told.body) : told.body],
    );
    if (accepted && !told.webhookFirst) traffic.follow(accepted, position);
    ledger.whenWritten(async () => {
      if (accepted && told.webhookFirst) {
        traffic.follow(accepted, position, new Set([0]));
        await traffic.announceFirst(accepted);
      }
      if (told.delayMs > 0) setTimeout(() => leave(call.responder, told), told.delayMs);
      else leave(call.responder, told);
    });
  }

  /** A fault that strikes before anything is decided. */
  function preempt(fault: Fault | null): Decision | null {
    if (fault?.kind === "graph_error" && fault.when === "before")
      return errorDecision(faultError(fault), fault.headers);
    if (fault?.kind === "http" && fault.when === "before") {
      return { status: fault.status, body: fault.body, ...(fault.headers && { headers: fault.headers }) };
    }
    if ((fault?.kind === "drop" || fault?.kind === "hang") && fault.when === "before")
      return { status: 0, body: "" };
    return null;
  }

  function decide(call: SendCall, parsed: unknown, fault: Fault | null): Decision {
    try {
      return accept(call, parsed, fault);
    } catch (error) {
      if (error instanceof GraphError) return errorDecision(error);
      throw error;
    }
  }

  function errorDecision(error: GraphError, headers?: Readonly<Record<string, string>>): Decision {
    const status = [4, 80007, 130429].includes(error.code) ? settings.rateLimitStatus : error.http;
    return { status, body: error.toBody(), code: error.code, ...(headers && { headers }) };
  }

  /** The order of the checks is that of section 9.2 of the simulator's blueprint. */
  function accept(call: SendCall, parsed: unknown, fault: Fault | null): Decision {
    const token = access.authenticate(call.token);
    access.checkProof(token, call.proof);
    const number = state.phoneNumbers.get(call.phoneNumberId);
    const waba = access.requireWaba(token, number?.wabaId ?? "", "POST", call.phoneNumberId);
    access.requirePermission(token, "whatsapp_business_messaging");
    const business = state.businesses.get(waba.businessId);
    if (!number || !business) throw refusal(131000);
    checkAccount(waba, number);

    if (!isObject(parsed)) throw invalidParameter("The request body is not a JSON object");
    if (parsed.status !== undefined) return markRead(parsed);
    const request = readMessage(parsed);
    checkEndpoint(call.endpoint, request, waba);

    const person =
      request.to === null ? personOfUserId(request.userId ?? "") : personOf(business.id, request.to);
    const early = surprises.limit(number.id, request.to);
    if (early) throw early;
    if (!limits.takeThroughput(number)) throw refusal(130429);
    if (!limits.takePair(number, person.userId)) throw refusal(131056);
    checkRecipient(number, request.to);
    const surprise = surprises.breakdown(number.id, request.to);
    if (surprise) return surprise;

    const template = request.template && findTemplate(waba, request.template);
    const filled = template
      ? fillTemplate(template, request.template?.components)
      : { media: request.media ? [request.media] : [], quickReplies: request.quickReplies };
    if (template) checkCategory(call.endpoint, template, waba);
    for (const media of filled.media) checkMedia(media, number);
    const message = record(call, request, { business, waba, number, person, template, ...filled }, fault);
    return { status: 200, body: receipt(request, person, template, message), accepted: message };
  }

  /** "Mark messages as read"; a typing indicator may come along. */
  function markRead(body: Json): Decision {
    checkProduct(body);
    if (body.status !== "read")
      throw badParameter(`Param status must be one of {READ} - got "${String(body.status)}".`);
    if (body.message_id === undefined) throw missingParameter("message_id");
    if (!String(body.message_id).startsWith("wamid."))
      throw refusal(131009, "message_id is not a valid message id");
    return { status: 200, body: '{"success":true}' };
  }

  function findTemplate(waba: Waba, asked: Json): Template {
    const code = isObject(asked.language) ? String(asked.language.code) : "";
    const template = state
      .findTemplates(waba.id, String(asked.name))
      .find(({ language }) => language === code);
    if (template?.status === "PAUSED") throw refusal(132015);
    if (template?.status === "DISABLED") throw refusal(132016);
    if (template?.status !== "APPROVED") {
      throw new GraphError(132001, {
        message: "(#132001) Template name does not exist in the translation",
        details: `template name (${String(asked.name)}) does not exist in ${code}`,
      });
    }
    return template;
  }

  /** An uploaded file belongs to the number that uploaded it and lives for 30 days ("Media"). */
  function checkMedia(media: MediaRef, number: PhoneNumber): void {
    if ("link" in media) return;
    const known = state.media.get(media.id);
    if (known?.phoneNumberId === number.id && known.expiresAt > Date.now()) return;
    throw refusal(131009, `Media ID ${media.id} does not exist or has expired`);
  }

  type Parties = {
    business: Business;
    waba: Waba;
    number: PhoneNumber;
    person: Person;
    template: Template | null;
    media: MediaRef[];
    quickReplies: MessageRequest["quickReplies"];
  };

  function record(
    call: SendCall,
    request: MessageRequest,
    parties: Parties,
    fault: Fault | null,
  ): AcceptedMessage {
    const { business, number, person, template } = parties;
    const now = Date.now();
    const windowOpen = activity.isWindowOpen(number.id, person.userId, now);
    const initiates = template !== null && !windowOpen;
    const withinLimit = !initiates || activity.takeInitiated(business, person.userId, now);
    const outcomes: Outcome[] = decideOutcome(
      {
        recipient: request.to ?? person.userId,
        marketing: template?.category === "MARKETING",
        freeForm: template === null,
        windowOpen,
        overMessagingLimit: !withinLimit,
        stoppedMarketing: state.stopped.has(`${business.id} ${person.userId}`),
        blocked: number.blockedUserIds.includes(person.userId),
        brokenMedia: parties.media.some((media) => "link" in media && media.link.includes("broken")),
        quickReplies: parties.quickReplies,
      },
      settings.seed,
      fault?.kind === "outcome" ? fault.outcome : undefined,
    );
    const category = template?.category.toLowerCase() ?? "service";
    return {
      wamid: newMessageId(),
      phoneNumberId: number.id,
      phone: request.to,
      userId: person.userId,
      callbackData: request.callbackData,
      pricing: pricingOf(call.endpoint === "messages" ? category : "marketing_lite", windowOpen, now),
      initiated: initiates && withinLimit,
      held: template !== null && (fault?.kind === "hold" || (request.to ?? "").endsWith(heldSuffix)),
      plan: traffic.plan(outcomes, now),
    };
  }

  return { send };
}

/** "Error codes": what the state of the account forbids, whatever is sent. */
function checkAccount({ state }: Waba, number: PhoneNumber): void {
  const codes = { active: null, restricted: 368, locked: 131031, payment_issue: 131042, maintenance: 131057 };
  const code = codes[state];
  if (code !== null) throw refusal(code);
  if (!number.registered) throw refusal(133010);
}

/** "Marketing Messages API": templates of the marketing category only, and only after onboarding. */
function checkEndpoint(endpoint: SendCall["endpoint"], request: MessageRequest, waba: Waba): void {
  if (endpoint === "messages") return;
  if (!waba.marketingMessagesOnboarded) throw refusal(134102);
  if (request.template === null) throw refusal(131055);
}

function checkCategory(endpoint: SendCall["endpoint"], { category }: Template, waba: Waba): void {
  if (endpoint === "marketing_messages" && category !== "MARKETING") throw refusal(134100);
  if (endpoint === "messages" && category === "MARKETING" && waba.marketingDisabledOnCloudApi)
    throw refusal(131063);
}

function checkRecipient(number: PhoneNumber, to: string | null): void {
  if (to === null) return;
  if (to === digitsOf(number.displayPhoneNumber)) throw refusal(131021);
  if (number.allowList && !number.allowList.includes(to)) {
    throw new GraphError(131030, {
      message: "(#131030) Recipient phone number not in allowed list",
      details:
        "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
      subcode: 2655007,
    });
  }
}

/** `message_status` comes with templates only, as in Meta's examples; a hidden number has no `wa_id`. */
function receipt(
  request: MessageRequest,
  person: Person,
  template: Template | null,
  message: AcceptedMessage,
): string {
  const status = message.held ? "held_for_quality_assessment" : "accepted";
  return JSON.stringify({
    messaging_product: "whatsapp",
    contacts: [
      {
        input: request.input,
        ...(person.waId === null ? { user_id: person.userId } : { wa_id: person.waId }),
      },
    ],
    messages: [{ id: message.wamid, ...(template && { message_status: status }) }],
  });
}

type Told = {
  how: "send" | "drop" | "hang" | "truncate";
  status: number;
  body: string;
  headers: Readonly<Record<string, string>>;
  delayMs: number;
  webhookFirst: boolean;
};

/** What the caller gets to see of a decision: 0011 and 0504 of the magic numbers, and the faults that come after. */
function tell(decision: Decision, fault: Fault | null, recipient: string): Told {
  const accepted = decision.accepted !== undefined;
  const told: Told = {
    how: "send",
    status: decision.status,
    body: decision.body,
    headers: decision.headers ?? {},
    delayMs: fault?.kind === "delay" ? fault.ms : 0,
    webhookFirst:
      accepted && !decision.accepted?.held && (fault?.kind === "webhook_first" || recipient.endsWith("0011")),
  };
  if (fault?.kind === "drop" || fault?.kind === "hang") return { ...told, how: fault.kind };
  if (!accepted) return told;
  if (recipient.endsWith("0504")) return { ...told, how: "drop" };
  if (fault?.kind === "truncate") return { ...told, how: "truncate" };
  if (fault?.kind === "http")
    return { ...told, status: fault.status, body: fault.body, headers: fault.headers ?? {} };
  if (fault?.kind === "graph_error") {
    const error = faultError(fault);
    return { ...told, status: error.http, body: error.toBody(), headers: fault.headers ?? {} };
  }
  return told;
}

export const faultError = (fault: Extract<Fault, { kind: "graph_error" }>): GraphError =>
  refusal(fault.code, fault.details, fault.http);

function leave(responder: Responder, { how, status, body, headers }: Told): void {
  if (how === "send") responder.send(status, body, headers);
  else if (how === "truncate") responder.truncate(status, body);
  else if (how === "drop") responder.drop();
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}

function recipientOf(body: unknown): string {
  if (!isObject(body)) return "";
  return body.to === undefined ? String(body.recipient ?? "") : digitsOf(String(body.to));
}

/** JSON text as it came, unless it would break the line. */
const onOneLine = (raw: string, parsed: unknown): string => {
  if (parsed === null) return JSON.stringify(raw);
  return /[\r\n]/.test(raw) ? JSON.stringify(parsed) : raw;
};
