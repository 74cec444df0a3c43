import type * as z from "zod";
import type { Activity } from "./activity";
import type {
  accountChangeSchema,
  heldSchema,
  numberChangeSchema,
  templateActionSchema,
  tokenChangeSchema,
} from "./admin-schema";
import type { Events } from "./events";
import type { Ledger } from "./ledger";
import type { PhoneNumber, Template, Token, Waba } from "./model";
import { decideOutcome } from "./outcomes";
import { digitsOf } from "./people";
import { type Settings, settingsSchema } from "./settings";
import type { State } from "./state";
import type { Review } from "./template-review";
import type { AcceptedMessage, Traffic } from "./traffic";
import type { Webhooks } from "./webhooks";

export type ActionDependencies = {
  state: State;
  settings: Settings;
  ledger: Ledger;
  activity: Activity;
  traffic: Traffic;
  events: Events;
  review: Review;
  webhooks: Webhooks;
};

export class NotFound extends Error {}

export function find<Row>(table: ReadonlyMap<string, Row>, id: string): Row {
  const row = table.get(id);
  if (row === undefined) throw new NotFound();
  return row;
}

/** What the admin calls change, apart from how they are asked for. */
export function createActions(dependencies: ActionDependencies) {
  const { state, settings, ledger, activity, traffic, events, review, webhooks } = dependencies;

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
      case "announce_category":
        review.announceCategory(template, order.category);
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
      void traffic.follow(traffic.decideHeld(message, traffic.plan(outcomes, Date.now())), position);
    }
    return { decided: chosen.length };
  }

  function changeSettings(body: unknown) {
    const wasPaused = settings.webhooksPaused;
    Object.assign(settings, defined(settingsSchema.partial().parse(body)));
    if (wasPaused && !settings.webhooksPaused) webhooks.resume();
    return settings;
  }

  return {
    wabaOf,
    describeAccount,
    changeAccount,
    changeTokens,
    changeNumber,
    actOnTemplate,
    decideHeld,
    changeSettings,
  };
}

type Defined<Row> = { [Key in keyof Row]?: Exclude<Row[Key], undefined> };

export const defined = <Row extends object>(row: Row): Defined<Row> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Defined<Row>;

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
