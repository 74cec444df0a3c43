import type { ServerResponse } from "node:http";
import * as z from "zod";
import { type ActionDependencies, createActions, defined, find, NotFound } from "./admin-actions";
import {
  accountChangeSchema,
  eventSchema,
  heldSchema,
  inboundSchema,
  numberChangeSchema,
  preferenceSchema,
  resendSchema,
  templateActionSchema,
  tokenChangeSchema,
} from "./admin-schema";
import { type Faults, faultRuleSchema } from "./faults";
import { sayInbound } from "./inbound";
import type { Ledger } from "./ledger";
import type { Limits } from "./limits";
import type { MediaStore } from "./media";
import { createAccount, newAccountSchema, newPhoneNumber } from "./new-account";
import type { Outstanding } from "./outstanding";
import { digitsOf, personOf } from "./people";
import type { Delivery } from "./webhooks";

export type AdminCall = { method: string; path: readonly string[]; query: URLSearchParams; raw: Buffer };
export type Admin = (call: AdminCall, response: ServerResponse) => Promise<void>;

type Dependencies = ActionDependencies & {
  limits: Limits;
  faults: Faults;
  media: MediaStore;
  outstanding: Outstanding;
};

type Result = { status?: number; body: unknown };
type Handler = (id: string, body: unknown, query: URLSearchParams) => Result | Promise<Result>;

/** The sandbox's own controls under `/_sandbox`; nothing of it exists at Meta. README.md has the table. */
export function createAdmin(dependencies: Dependencies): Admin {
  const { state, settings, ledger, limits, faults, traffic, events, webhooks, media, outstanding } =
    dependencies;
  const actions = createActions(dependencies);

  const routes: Readonly<Record<string, Handler>> = {
    "GET health": () => ({
      body: {
        ok: true,
        accounts: state.wabas.size,
        outstanding: outstanding.size(),
        ledgerSeq: ledger.seq(),
      },
    }),
    "GET accounts": () => ({ body: { accounts: [...state.wabas.values()].map(actions.describeAccount) } }),
    "POST accounts": (_, body) => ({ status: 201, body: createAccount(state, newAccountSchema.parse(body)) }),
    "GET accounts/:id": (id) => ({ body: actions.describeAccount(find(state.wabas, id)) }),
    "POST accounts/:id": (id, body) => ({
      body: actions.changeAccount(find(state.wabas, id), accountChangeSchema.parse(body)),
    }),
    "POST accounts/:id/token": (id, body) => ({
      body: actions.changeTokens(find(state.wabas, id), tokenChangeSchema.parse(body)),
    }),
    "POST accounts/:id/phone-numbers": (id, body) => {
      const number = newPhoneNumber(find(state.wabas, id), 80);
      state.phoneNumbers.set(number.id, number);
      return { status: 201, body: actions.changeNumber(number, numberChangeSchema.parse(body)) };
    },
    "POST phone-numbers/:id": (id, body) => ({
      body: actions.changeNumber(find(state.phoneNumbers, id), numberChangeSchema.parse(body)),
    }),
    "POST templates/:id": (id, body) => ({
      body: actions.actOnTemplate(find(state.templates, id), templateActionSchema.parse(body)),
    }),
    "POST inbound": (_, body) => {
      const order = inboundSchema.parse(body);
      const number = find(state.phoneNumbers, order.phoneNumberId);
      limits.takeThroughput(number);
      const person = personOf(actions.wabaOf(number).businessId, digitsOf(order.from));
      return {
        status: 201,
        body: { id: sayInbound(order, number, person, events, media), userId: person.userId },
      };
    },
    "POST preferences": (_, body) => {
      const { phoneNumberId, from, value } = preferenceSchema.parse(body);
      const number = find(state.phoneNumbers, phoneNumberId);
      return {
        status: 201,
        body: { id: events.announcePreference(number, actions.wabaOf(number), digitsOf(from), value) },
      };
    },
    "POST events": (_, body) => {
      const { wabaId, field, value } = eventSchema.parse(body);
      return { status: 201, body: { id: events.announceChange(find(state.wabas, wabaId).id, field, value) } };
    },
    "GET held": () => ({
      body: { held: traffic.held().map(({ wamid, phoneNumberId }) => ({ wamid, phoneNumberId })) },
    }),
    "POST held": (_, body) => ({ body: actions.decideHeld(heldSchema.parse(body)) }),
    "GET faults": () => ({ body: { faults: faults.list() } }),
    "POST faults": (_, body) => ({ status: 201, body: faults.add(faultRuleSchema.parse(body)) }),
    "DELETE faults": () => {
      faults.clear();
      return { body: { faults: [] } };
    },
    "DELETE faults/:id": (id) => {
      if (!faults.remove(id)) throw new NotFound();
      return { body: { faults: faults.list() } };
    },
    "GET settings": () => ({ body: settings }),
    "POST settings": (_, body) => ({ body: actions.changeSettings(body) }),
    "GET outbox": () => ({
      body: {
        outstanding: webhooks.outstanding(),
        retrying: webhooks.retrying().map(describeDelivery),
        recent: webhooks.recent().map(describeDelivery),
      },
    }),
    "POST outbox/:id/resend": async (id, body) => {
      const statuses = await webhooks.resend(id, resendSchema.parse(body).times);
      if (!statuses) throw new NotFound();
      return { body: { statuses } };
    },
  };

  return async (call, response) => {
    const { method, path, query } = call;
    if (method === "GET" && path.join("/") === "ledger") return streamLedger(ledger, query, response);
    const name = [path[0], ...(path.length > 1 ? [":id", ...path.slice(2)] : [])].join("/");
    const handler = routes[`${method} ${name}`];
    try {
      if (!handler) throw new NotFound();
      const { status = 200, body } = await handler(path[1] ?? "", readJson(call.raw), query);
      writeJson(response, status, body);
    } catch (error) {
      if (error instanceof NotFound)
        writeJson(response, 404, { error: { message: `Nothing at ${method} ${path.join("/")}` } });
      else if (error instanceof z.ZodError)
        writeJson(response, 422, { error: { message: z.prettifyError(error) } });
      else throw error;
    }
  };
}

/** The whole ledger may be large: it is passed on line by line. */
async function streamLedger(ledger: Ledger, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const text = (name: string) => query.get(name) ?? undefined;
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
  const filter = defined({
    after: number("after"),
    limit: number("limit"),
    kind: text("kind"),
    phoneNumberId: text("phoneNumberId"),
  });
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.write('{"entries":[');
  let separator = "";
  const last = await ledger.read(filter, async (line) => {
    const space = response.write(separator + line);
    separator = ",\n";
    if (!space && !response.destroyed)
      await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
  });
  response.end(`],"last":${last}}`);
}

function readJson(raw: Buffer): unknown {
  if (raw.length === 0) return {};
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return undefined;
  }
}

function writeJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}

const describeDelivery = ({ id, destination, attempt, status, updates, body }: Delivery) => ({
  id,
  url: destination.uri,
  attempt,
  status,
  updates: updates.map(({ ref }) => ref),
  body,
});
