import type { Access } from "./access";
import type { createAccounts } from "./accounts";
import type { Answer, Call } from "./call";
import { unknownObject } from "./graph-error";
import type { createMedia } from "./media";
import type { createPhoneNumbers } from "./phone-numbers";
import type { Quota } from "./quota";
import type { State } from "./state";
import type { createTemplates } from "./templates";
import type { createUploads } from "./uploads";

type Dependencies = {
  state: State;
  access: Access;
  quota: Quota;
  accounts: ReturnType<typeof createAccounts>;
  phoneNumbers: ReturnType<typeof createPhoneNumbers>;
  templates: ReturnType<typeof createTemplates>;
  media: ReturnType<typeof createMedia>;
  uploads: ReturnType<typeof createUploads>;
};

export type GraphCall = Omit<Call, "token"> & { bearer: string | null };

/** Everything of the Graph API but sending: the first part of the path is an object, and its kind decides. */
export function createGraph(dependencies: Dependencies) {
  const { state, access, quota, accounts, phoneNumbers, templates, media, uploads } = dependencies;

  async function counted(wabaId: string, answer: () => Answer | Promise<Answer>): Promise<Answer> {
    const usage = quota.take(wabaId);
    const { headers, ...rest } = await answer();
    return { ...rest, headers: { ...headers, ...usage } };
  }

  return async (request: GraphCall): Promise<Answer> => {
    const [first = "", second] = request.path;
    const { method, bearer } = request;
    if (first === "debug_token" && method === "GET") return accounts.debugToken(bearer, request.query);
    const app = state.apps.get(first);
    if (app && second === "subscriptions" && accounts.isAppToken(bearer)) {
      return accounts.subscriptions(app, { ...request, token: noToken });
    }

    const token = access.authenticate(bearer);
    access.checkProof(token, request.query.get("appsecret_proof"));
    const call: Call = { ...request, token };
    if (first.startsWith("upload:")) return method === "GET" ? uploads.look(call) : uploads.put(call);
    if (app && second === "uploads" && method === "POST" && token.appId === app.id)
      return uploads.begin(app, call);

    const waba = state.wabas.get(first);
    if (waba) return counted(waba.id, () => accounts.waba(waba, call));
    const number = state.phoneNumbers.get(first);
    if (number && second === "media" && method === "POST") return media.upload(number, call);
    if (number) return counted(number.wabaId, () => phoneNumbers(number, call));
    const template = state.templates.get(first);
    if (template) return counted(template.wabaId, () => templates.one(template, call));
    const file = state.media.get(first);
    if (file && second === undefined && method !== "POST") return media.one(file, call);
    throw unknownObject(method, first);
  };
}

/** App tokens are no user's: they open the app's own settings and nothing else. */
const noToken = {
  value: "",
  appId: "",
  wabaIds: [],
  state: "valid" as const,
  permissions: [],
  issuedAt: 0,
  changedAt: 0,
};
