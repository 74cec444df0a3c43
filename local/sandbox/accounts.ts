import { type Access, tokenRefusal } from "./access";
import { type Answer, type Call, ok, parametersOf, success } from "./call";
import { readCallback, verifyCallback } from "./callbacks";
import { pageOf, pickFields } from "./fields";
import { missingParameter, unknownObject } from "./graph-error";
import type { App, Waba } from "./model";
import { describeNumber, healthOf } from "./phone-numbers";
import type { Settings } from "./settings";
import type { State } from "./state";
import type { createTemplates } from "./templates";

type Dependencies = {
  state: State;
  settings: Settings;
  access: Access;

  templates: ReturnType<typeof createTemplates>;
};

/** "WhatsApp Business Account", "Subscribed apps" and "Debug token". */
export function createAccounts({ state, settings, access, templates }: Dependencies) {
  async function subscribedApps(waba: Waba, call: Call): Promise<Answer> {
    const app = state.apps.get(waba.appId);
    if (call.method === "GET") {
      const link = `https://www.facebook.com/games/?app_id=${waba.appId}`;
      const data = {
        whatsapp_business_api_data: { id: waba.appId, name: app?.name, link },
        ...(waba.callback && { override_callback_uri: waba.callback.uri }),
      };
      return ok({ data: waba.subscribed ? [data] : [] });
    }
    if (call.method === "DELETE") {
      waba.subscribed = false;
      waba.callback = null;
    } else {
      const { override_callback_uri: uri, verify_token: verifyToken } = parametersOf(call);
      const callback = uri === undefined ? null : readCallback(uri, verifyToken);
      if (callback) await verifyCallback(callback, settings.webhookTimeoutMs);
      waba.subscribed = true;
      waba.callback = callback;
    }
    state.save();
    return success;
  }

  function toRow(waba: Waba): Record<string, unknown> {
    return {
      name: waba.name,
      currency: "USD",
      timezone_id: "1",
      message_template_namespace: waba.namespace,
      account_review_status: "APPROVED",
      business_verification_status: "verified",
      ownership_type: "SELF",
      status: waba.state === "active" ? "ACTIVE" : "RESTRICTED",
      marketing_messages_lite_api_status: waba.marketingMessagesOnboarded ? "ONBOARDED" : "ELIGIBLE",
      health_status: healthOf(waba, null),
      id: waba.id,
    };
  }

  return {
    /** `/{waba-id}` and what lies below it */
    waba: (waba: Waba, call: Call): Answer | Promise<Answer> => {
      access.requireWaba(call.token, waba.id, call.method, waba.id);
      const below = call.path[1];
      if (below === "message_templates") return templates.ofAccount(waba, call);
      access.requirePermission(call.token, "whatsapp_business_management");
      if (below === "subscribed_apps") return subscribedApps(waba, call);
      if (below === "phone_numbers" && call.method === "GET") {
        const business = state.businesses.get(waba.businessId);
        const rows = state.phoneNumbersOf(waba.id).map((number) => describeNumber(number, waba, business));
        const page = pageOf(rows, call.query, call.selfUrl);
        const defaults = [
          "verified_name",
          "code_verification_status",
          "display_phone_number",
          "quality_rating",
          "platform_type",
          "throughput",
        ];
        return ok({
          ...page,
          data: page.data.map((row) => pickFields(row, call.query.get("fields"), defaults)),
        });
      }
      if (below === undefined && call.method === "GET") {
        const defaults = ["name", "timezone_id", "message_template_namespace", "currency"];
        return ok(pickFields(toRow(waba), call.query.get("fields"), defaults));
      }
      throw unknownObject(call.method, call.path.join("/"));
    },

    /** `POST|GET|DELETE /{app-id}/subscriptions` ("App subscriptions"): the callback of the whole app. */
    subscriptions: async (app: App, call: Call): Promise<Answer> => {
      if (call.method === "GET") {
        const callback = app.callback && {
          object: "whatsapp_business_account",
          callback_url: app.callback.uri,
          active: true,
        };
        return ok({ data: callback ? [callback] : [] });
      }
      if (call.method === "DELETE") app.callback = null;
      else {
        const { callback_url: uri, verify_token: verifyToken } = parametersOf(call);
        const callback = readCallback(uri, verifyToken);
        await verifyCallback(callback, settings.webhookTimeoutMs);
        app.callback = callback;
      }
      state.save();
      return success;
    },

    /** "Debug token": asked with the token itself, with another good one, or with `app-id|app-secret`. */
    debugToken: (token: string | null, query: URLSearchParams): Answer => {
      const asked = query.get("input_token");
      if (!isAppToken(token)) access.authenticate(token);
      if (asked === null) throw missingParameter("input_token");
      const known = state.tokens.get(asked);
      if (!known) {
        const error = { code: 190, message: "Invalid OAuth access token - Cannot parse access token" };
        return ok({ data: { error, is_valid: false, scopes: [] } });
      }
      const refused = known.state === "valid" ? null : tokenRefusal(known);
      return ok({
        data: {
          app_id: known.appId,
          type: "SYSTEM_USER",
          application: state.apps.get(known.appId)?.name,
          data_access_expires_at: 0,
          ...(refused && {
            error: { code: 190, message: refused.message, subcode: known.state === "expired" ? 463 : 467 },
          }),
          expires_at: known.state === "expired" ? Math.floor(known.changedAt / 1000) : 0,
          is_valid: refused === null,
          issued_at: Math.floor(known.issuedAt / 1000),
          scopes: known.permissions,
          granular_scopes: known.permissions.map((scope) => ({ scope, target_ids: known.wabaIds })),
          user_id: "100089620928913",
        },
      });
    },
    isAppToken,
  };

  function isAppToken(token: string | null): boolean {
    const [appId = "", secret] = token?.split("|") ?? [];
    return secret !== undefined && state.apps.get(appId)?.secret === secret;
  }
}
