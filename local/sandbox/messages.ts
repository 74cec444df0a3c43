import type { Access } from "./access";
import type { Activity } from "./activity";
import { type Decision, errorDecision, leave, preempt, type Responder, type Told, tell } from "./answering";
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
import { checkAccount, checkCategory, checkEndpoint, checkRecipient, type Endpoint } from "./send-checks";
import type { Settings } from "./settings";
import type { State } from "./state";
import { createSurprises } from "./surprises";
import { type FilledTemplate, fillTemplate } from "./template-params";
import type { AcceptedMessage, Traffic } from "./traffic";
import { pricingOf } from "./updates";

export type SendCall = {
  phoneNumberId: string;
  endpoint: Endpoint;
  token: string | null;
  proof: string | null;
  raw: string;
  responder: Responder;
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
    const decision = preempt(fault, settings) ?? decide(call, parsed, fault);
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
        connection: told.how === "send" ? undefined : told.how,
        code: decision.code,
        wamid: accepted?.wamid,
        callbackData: accepted?.callbackData,
        message: accepted,
      },
      ["body", fault || !told.body.startsWith("{") ? JSON.stringify(told.body) : told.body],
    );
    const firstWebhook = accepted && traffic.follow(accepted, position, { firstNow: told.webhookFirst });
    ledger.whenWritten(() => {
      if (firstWebhook) void firstWebhook.then(() => answer(call.responder, told));
      else answer(call.responder, told);
    });
  }

  function answer(responder: Responder, told: Told) {
    if (told.delayMs > 0) setTimeout(() => leave(responder, told), told.delayMs);
    else leave(responder, told);
  }

  function decide(call: SendCall, parsed: unknown, fault: Fault | null): Decision {
    try {
      return accept(call, parsed, fault);
    } catch (error) {
      if (error instanceof GraphError) return errorDecision(error, settings);
      throw error;
    }
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
    const message = record(call, request, { business, number, person, template, filled }, fault);
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
    number: PhoneNumber;
    person: Person;
    template: Template | null;
    filled: FilledTemplate;
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
        brokenMedia: parties.filled.media.some((media) => "link" in media && media.link.includes("broken")),
        quickReplies: parties.filled.quickReplies,
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
        wa_id: person.waId ?? undefined,
        user_id: person.waId === null ? person.userId : undefined,
      },
    ],
    messages: [{ id: message.wamid, message_status: template ? status : undefined }],
  });
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
