import type { Access } from "./access";
import { type Answer, type Call, ok, parametersOf, success } from "./call";
import { readCallback, verifyCallback } from "./callbacks";
import { pickFields } from "./fields";
import { badParameter, missingParameter, refusal, unknownObject } from "./graph-error";
import { isObject } from "./message-rules";
import { type AccountState, type Business, type PhoneNumber, tierLimits, type Waba } from "./model";
import { digitsOf, personOf } from "./people";
import type { Settings } from "./settings";
import type { State } from "./state";

type Dependencies = { state: State; settings: Settings; access: Access };

const defaultFields = [
  "verified_name",
  "code_verification_status",
  "display_phone_number",
  "quality_rating",
  "platform_type",
  "throughput",
];

/** "Business phone numbers", "Registration" and "Block users". */
export function createPhoneNumbers({ state, settings, access }: Dependencies) {
  async function change(number: PhoneNumber, call: Call): Promise<Answer> {
    const { webhook_configuration: webhook, pin } = parametersOf(call);
    if (pin !== undefined) checkPin(pin);
    if (isObject(webhook)) {
      const uri = webhook.override_callback_uri;
      const callback = uri === "" ? null : readCallback(uri, webhook.verify_token);
      if (callback) await verifyCallback(callback, settings.webhookTimeoutMs);
      number.callback = callback;
      state.save();
    }
    return success;
  }

  /** `register`, `deregister`, `request_code`, `verify_code` */
  function setUp(number: PhoneNumber, call: Call): Answer | null {
    const parameters = parametersOf(call);
    const require = (name: string) => {
      if (parameters[name] === undefined) throw missingParameter(name);
    };
    switch (call.path[1]) {
      case "register":
        require("messaging_product");
        checkPin(parameters.pin);
        number.registered = true;
        number.status = "CONNECTED";
        break;
      case "deregister":
        number.registered = false;
        number.status = "DISCONNECTED";
        break;
      case "request_code":
        require("code_method");
        require("language");
        break;
      case "verify_code":
        require("code");
        break;
      default:
        return null;
    }
    state.save();
    return success;
  }

  function blockUsers(number: PhoneNumber, waba: Waba, call: Call): Answer {
    if (call.method === "GET") {
      return ok({
        data: number.blockedUserIds.map((userId) => ({ messaging_product: "whatsapp", user_id: userId })),
      });
    }
    const { block_users: listed } = parametersOf(call);
    if (!Array.isArray(listed)) throw missingParameter("block_users");
    const people = listed.map((one) => {
      const input = String(isObject(one) ? one.user : one);
      return { input, person: personOf(waba.businessId, digitsOf(input)) };
    });
    const ids = new Set(people.map(({ person }) => person.userId));
    const others = number.blockedUserIds.filter((userId) => !ids.has(userId));
    number.blockedUserIds = call.method === "POST" ? [...others, ...ids] : others;
    state.save();
    const users = people.map(({ input, person }) => ({ input, wa_id: person.waId }));
    const outcome = call.method === "POST" ? { added_users: users } : { removed_users: users };
    return ok({ messaging_product: "whatsapp", block_users: outcome });
  }

  return (number: PhoneNumber, call: Call): Answer | Promise<Answer> => {
    const waba = access.requireWaba(call.token, number.wabaId, call.method, number.id);
    access.requirePermission(call.token, "whatsapp_business_management");
    const below = call.path[1];
    if (below === undefined) {
      if (call.method === "POST") return change(number, call);
      const row = describeNumber(number, waba, state.businesses.get(waba.businessId));
      return ok(pickFields(row, call.query.get("fields"), defaultFields));
    }
    if (below === "block_users") return blockUsers(number, waba, call);
    const answer = call.method === "POST" ? setUp(number, call) : null;
    if (!answer) throw unknownObject(call.method, call.path.join("/"));
    return answer;
  };
}

function checkPin(pin: unknown): void {
  if (pin === undefined) throw missingParameter("pin");
  if (!/^\d{6}$/.test(String(pin))) throw badParameter("Param pin must be 6 digits.");
}

/** "Throughput": HIGH stands for 1,000 messages per second. */
export function describeNumber(
  number: PhoneNumber,
  waba: Waba,
  business: Business | undefined,
): Record<string, unknown> {
  return {
    verified_name: number.verifiedName,
    display_phone_number: number.displayPhoneNumber,
    quality_rating: number.quality,
    code_verification_status: "VERIFIED",
    name_status: "APPROVED",
    status: number.registered ? number.status : "DISCONNECTED",
    throughput: { level: number.mps >= 1000 ? "HIGH" : "STANDARD" },
    platform_type: number.registered ? "CLOUD_API" : "NOT_APPLICABLE",
    account_mode: "LIVE",
    whatsapp_business_manager_messaging_limit: business?.tier,
    is_official_business_account: false,
    health_status: healthOf(waba, number),
    ...(number.callback && { webhook_configuration: { phone_number: number.callback.uri } }),
    id: number.id,
  };
}

const accountErrors: Readonly<Record<AccountState, number | null>> = {
  active: null,
  restricted: 368,
  locked: 131031,
  payment_issue: 131042,
  maintenance: 131057,
};

/** "Messaging health status": the worst of the entities decides. */
export function healthOf(waba: Waba, number: PhoneNumber | null) {
  const code = accountErrors[waba.state];
  const error =
    code === null
      ? null
      : {
          error_code: code,
          error_description: refusal(code).details,
          possible_solution: "See the error codes.",
        };
  const account = {
    entity_type: "WABA",
    id: waba.id,
    ...(error ? { can_send_message: "BLOCKED", errors: [error] } : { can_send_message: "AVAILABLE" }),
  };
  const entities: { entity_type: string; id: string; can_send_message: string }[] = [
    ...(number
      ? [
          {
            entity_type: "PHONE_NUMBER",
            id: number.id,
            can_send_message: number.registered ? "AVAILABLE" : "BLOCKED",
          },
        ]
      : []),
    account,
    { entity_type: "BUSINESS", id: waba.businessId, can_send_message: "AVAILABLE" },
    { entity_type: "APP", id: waba.appId, can_send_message: "AVAILABLE" },
  ];
  const blocked = entities.some(({ can_send_message: able }) => able === "BLOCKED");
  return { can_send_message: blocked ? "BLOCKED" : "AVAILABLE", entities };
}

export const isTier = (value: string): value is Business["tier"] => value in tierLimits;
