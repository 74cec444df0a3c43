import type { ServerResponse } from "node:http";
import * as z from "zod";
import type { Activity } from "./activity";
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
import type { Events } from "./events";
import { type Faults, faultRuleSchema } from "./faults";
import { sayInbound } from "./inbound";
import type { Ledger } from "./ledger";
import type { Limits } from "./limits";
import type { MediaStore } from "./media";
import type { PhoneNumber, Template, Token, Waba } from "./model";
import { createAccount, newAccountSchema, newPhoneNumber } from "./new-account";
import { decideOutcome } from "./outcomes";
import type { Outstanding } from "./outstanding";
import { digitsOf, personOf } from "./people";
import { type Settings, settingsSchema } from "./settings";
import type { State } from "./state";
import type { Review } from "./template-review";
import type { AcceptedMessage, Traffic } from "./traffic";
import type { Delivery, Webhooks } from "./webhooks";

export type AdminCall = { method: string; path: readonly string[]; query: URLSearchParams; raw: Buffer };
export type Admin = (call: AdminCall, response: ServerResponse) => Promise<void>;

type Dependencies = {
  state: State;
  settings: Settings;
  ledger: Ledger;
  limits: Limits;
  activity: Activity;
  faults: Faults;
  traffic: Traffic;
  events: Events;
  review: Review;
  webhooks: Webhooks;
  media: MediaStore;
  outstanding: Outstanding;
};

type Result = { status?: number; body: unknown };
type Handler = (id: string, body: unknown, query: URLSearchParams) => Result | Promise<Result>;

class NotFound extends Error {}

/** The sandbox's own controls under `/_sandbox`; nothing of it exists at Meta. README.md has the table. */
export function createAdmin(dependencies: Dependencies): Admin {
  const {
    state,
    settings,
    ledger,
    limits,
    activity,
    faults,
    traffic,
    events,
    review,
    webhooks,
    media,
    outstanding,
  } = dependencies;

  function find<Row>(table: ReadonlyMap<string, Row>, id: string): Row {
    const row = table.get(id);
    if (row === undefined) throw new NotFound();
    return row;
  }

  const wabaOf = (number: PhoneNumber): Waba => find(state.wabas, number.wabaId);
  const tokensOf = (wabaId: string): Token[] =>
    [...state.tokens.values()].filter((token) => token.wabaIds.includes(wabaId));

  function describeAccount(waba: Waba) {
    const business = find(state.businesses, waba.businessId);
    const { secret: _secret, ...app } = find(state.apps, waba.appId);
    return {
      ...waba,
      business: { ...business, uniqueRecipients24h: activity.countInitiated(business.id, Date.now()) },
      app,
      phoneNumbers: state.phoneNumbersOf(waba.id),
      tokens: tokensOf(waba.id).map(({ state: tokenState, permissions }) => ({
        state: tokenState,
        permissions,
      })),
      templates: state
        .templatesOf(waba.id)
        .map(({ id, name, language, status }) => ({ id, name, language, status })),
    };
  }

  function changeAccount(waba: Waba, change: z.infer<typeof accountChangeSchema>) {
    const { tier, ...rest } = change;
    Object.assign(waba, defined(rest));
    if (tier) find(state.businesses, waba.businessId).tier = tier;
    state.save();
    return describeAccount(waba);
  }

  function changeTokens(waba: Waba, change: z.infer<typeof tokenChangeSchema>) {
    for (const token of tokensOf(waba.id)) Object.assign(token, defined(change), { changedAt: Date.now() });
    state.save();
    return describeAccount(waba);
  }

  function changeNumber(number: PhoneNumber, change: z.infer<typeof numberChangeSchema>) {
    const { tier, allowList, ...rest } = change;
    const upgraded = (rest.mps ?? 0) >= 1000 && number.mps < 1000;
    Object.assign(number, defined(rest));
    if (allowList !== undefined) number.allowList = allowList?.map(digitsOf) ?? null;
    if (tier) find(state.businesses, wabaOf(number).businessId).tier = tier;
    state.save();
    if (upgraded) {
      events.announceChange(number.wabaId, "phone_number_quality_update", {
        display_phone_number: digitsOf(number.displayPhoneNumber),
        event: "THROUGHPUT_UPGRADE",
        current_limit: find(state.businesses, wabaOf(number).businessId).tier,
      });
    }
    return number;
  }

  function actOnTemplate(template: Template, order: z.infer<typeof templateActionSchema>) {
    switch (order.action) {
      case "approve":
      case "pause":
      case "disable":
        review[order.action](template);
        break;
      case "reject":
        review.reject(template, order.reason);
        break;
      case "category":
        review.recategorise(template, order.category);
        state.save();
        break;
      case "announce":
        events.announceTemplate(template, order.event);
        break;
      case "quality": {
        const previous = template.quality.score;
        template.quality = { score: order.score, date: Math.floor(Date.now() / 1000) };
        state.save();
        events.announceChange(template.wabaId, "message_template_quality_update", {
          previous_quality_score: previous,
          new_quality_score: order.score,
          message_template_id: Number(template.id),
          message_template_name: template.name,
          message_template_language: template.language,
        });
      }
    }
    return template;
  }

  function decideHeld({ action, phoneNumberId, wamid }: z.infer<typeof heldSchema>) {
    const chosen = traffic
      .held()
      .filter((message) => phoneNumberId === undefined || message.phoneNumberId === phoneNumberId)
      .filter((message) => wamid === undefined || message.wamid === wamid);
    for (const message of chosen) {
      const position = ledger.position();
      const outcomes = decideOutcome(
        releasedFacts(message),
        settings.seed,
        action === "drop" ? { code: 132015 } : undefined,
      );
      traffic.follow(traffic.decideHeld(message, traffic.plan(outcomes, Date.now())), position);
    }
    return { decided: chosen.length };
  }

  function changeSettings(body: unknown) {
    const wasPaused = settings.webhooksPaused;
    Object.assign(settings, defined(settingsSchema.partial().parse(body)));
    if (wasPaused && !settings.webhooksPaused) webhooks.resume();
    return settings;
  }

  const routes: Readonly<Record<string, Handler>> = {
    "GET health": () => ({
      body: {
        ok: true,
        accounts: state.wabas.size,
        outstanding: outstanding.size(),
        ledgerSeq: ledger.seq(),
      },
    }),
    "GET accounts": () => ({ body: { accounts: [...state.wabas.values()].map(describeAccount) } }),
    "POST accounts": (_, body) => ({ status: 201, body: createAccount(state, newAccountSchema.parse(body)) }),
    "GET accounts/:id": (id) => ({ body: describeAccount(find(state.wabas, id)) }),
    "POST accounts/:id": (id, body) => ({
      body: changeAccount(find(state.wabas, id), accountChangeSchema.parse(body)),
    }),
    "POST accounts/:id/token": (id, body) => ({
      body: changeTokens(find(state.wabas, id), tokenChangeSchema.parse(body)),
    }),
    "POST accounts/:id/phone-numbers": (id, body) => {
      const number = newPhoneNumber(find(state.wabas, id), 80);
      state.phoneNumbers.set(number.id, number);
      return { status: 201, body: changeNumber(number, numberChangeSchema.parse(body)) };
    },
    "POST phone-numbers/:id": (id, body) => ({
      body: changeNumber(find(state.phoneNumbers, id), numberChangeSchema.parse(body)),
    }),
    "POST templates/:id": (id, body) => ({
      body: actOnTemplate(find(state.templates, id), templateActionSchema.parse(body)),
    }),
    "POST inbound": (_, body) => {
      const order = inboundSchema.parse(body);
      const number = find(state.phoneNumbers, order.phoneNumberId);
      limits.takeThroughput(number);
      const person = personOf(wabaOf(number).businessId, digitsOf(order.from));
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
        body: { id: events.announcePreference(number, wabaOf(number), digitsOf(from), value) },
      };
    },
    "POST events": (_, body) => {
      const { wabaId, field, value } = eventSchema.parse(body);
      return { status: 201, body: { id: events.announceChange(find(state.wabas, wabaId).id, field, value) } };
    },
    "GET held": () => ({
      body: { held: traffic.held().map(({ wamid, phoneNumberId }) => ({ wamid, phoneNumberId })) },
    }),
    "POST held": (_, body) => ({ body: decideHeld(heldSchema.parse(body)) }),
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
    "POST settings": (_, body) => ({ body: changeSettings(body) }),
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

type Defined<Row> = { [Key in keyof Row]?: Exclude<Row[Key], undefined> };

const defined = <Row extends object>(row: Row): Defined<Row> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Defined<Row>;

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

/** What a held message comes to once it is let go: an ordinary delivery, unless its number says otherwise. */
const releasedFacts = ({ phone, userId, pricing }: AcceptedMessage) => ({
  recipient: phone ?? userId,
  marketing: pricing.category.startsWith("marketing"),
  freeForm: false,
  windowOpen: false,
  overMessagingLimit: false,
  stoppedMarketing: false,
  blocked: false,
  brokenMedia: false,
  quickReplies: [],
});
