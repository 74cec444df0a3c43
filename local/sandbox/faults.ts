import * as z from "zod";
import type { Random } from "./random";

const when = z.enum(["before", "after"]);

/**
 * What goes wrong. `before`: the message is not accepted. `after`: it is accepted, with webhooks to come, and the
 * caller is not told so.
 */
const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("graph_error"),
    code: z.number().int(),
    http: z.number().int().optional(),
    details: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    when: when.default("before"),
  }),
  z.strictObject({
    kind: z.literal("http"),
    status: z.number().int().min(200).max(599),
    body: z.string().default(""),
    headers: z.record(z.string(), z.string()).optional(),
    when: when.default("before"),
  }),
  z.strictObject({ kind: z.literal("drop"), when }),
  /** Never answers; the connection stays open until the caller gives up. */
  z.strictObject({ kind: z.literal("hang"), when }),
  /** Accepts, sends half of the answer and closes the connection. */
  z.strictObject({ kind: z.literal("truncate") }),
  /** Decides at once and answers later. */
  z.strictObject({ kind: z.literal("delay"), ms: z.number().min(0) }),
  /** The first webhook has been answered before the response leaves. */
  z.strictObject({ kind: z.literal("webhook_first") }),
  z.strictObject({ kind: z.literal("hold") }),
  z.strictObject({
    kind: z.literal("outcome"),
    outcome: z.union([
      z.strictObject({ code: z.number().int() }),
      z.strictObject({ status: z.enum(["sent", "delivered", "read"]) }),
    ]),
  }),
]);

export const faultRuleSchema = z.strictObject({
  match: z
    .strictObject({
      phoneNumberId: z.string().optional(),
      recipientSuffix: z.string().optional(),
      share: z.number().min(0).max(1).optional(),
      /**
       * Part of a path, for calls other than sends: `message_templates`, `media`, `debug_token`. Only `graph_error`,
       * `http`, `drop`, `hang` and `delay` apply to these, and always before anything is done.
       */
      path: z.string().optional(),
    })
    .default({}),
  fault: faultSchema,
  /** How often it strikes; without it, until it is removed. */
  times: z.number().int().min(1).optional(),
});

export type Fault = z.infer<typeof faultSchema>;
export type FaultRule = z.infer<typeof faultRuleSchema>;
export type StandingRule = FaultRule & { id: string; hits: number };

export type Faults = ReturnType<typeof createFaults>;

export function createFaults(random: Random) {
  let rules: StandingRule[] = [];
  let next = 1;

  function strike(fits: (match: FaultRule["match"]) => boolean): Fault | null {
    for (const rule of rules) {
      if (rule.times !== undefined && rule.hits >= rule.times) continue;
      if (!fits(rule.match)) continue;
      if (rule.match.share !== undefined && random() >= rule.match.share) continue;
      rule.hits += 1;
      return rule.fault;
    }
    return null;
  }

  return {
    add: (rule: FaultRule): StandingRule => {
      const standing = { ...rule, id: String(next++), hits: 0 };
      rules.push(standing);
      return standing;
    },
    list: () => rules,
    remove: (id: string): boolean => {
      const before = rules.length;
      rules = rules.filter((rule) => rule.id !== id);
      return rules.length < before;
    },
    clear: () => {
      rules = [];
    },
    onSend: (phoneNumberId: string, recipient: string): Fault | null =>
      rules.length === 0
        ? null
        : strike(
            (match) =>
              match.path === undefined &&
              (match.phoneNumberId === undefined || match.phoneNumberId === phoneNumberId) &&
              (match.recipientSuffix === undefined || recipient.endsWith(match.recipientSuffix)),
          ),
    onCall: (path: string): Fault | null =>
      rules.length === 0 ? null : strike((match) => match.path !== undefined && path.includes(match.path)),
  };
}
