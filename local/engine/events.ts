import * as z from "zod";

const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

const record = z.record(z.string(), z.unknown());

/** An event (SDK spec 1.3.4) as an app may send it. Names under `inngest/` are the server's own. */
export const inboundEvent = z
  .looseObject({
    name: z
      .string()
      .min(1)
      .max(512)
      .refine(
        (name) => !name.toLowerCase().startsWith("inngest/"),
        "names that start with inngest/ are reserved",
      ),
    id: z.string().nullish(),
    data: record.nullish(),
    user: record.nullish(),
    ts: z
      .int()
      .refine((ts) => ts === 0 || (ts >= EARLIEST && ts <= LATEST), "must lie between 1980 and 2100")
      .nullish(),
  })
  .transform(({ id, data, user, ts, ...rest }) => {
    const { _inngest, ...own } = data ?? {};
    return { ...rest, id: id || undefined, data: own, user: user ?? {}, ts: ts || Date.now() };
  });

export type Event = {
  id: string;
  name: string;
  data: Record<string, unknown>;
  user: Record<string, unknown>;
  ts: number;
};

export function internalEvent(id: string, name: string, data: Record<string, unknown>): Event {
  return { id, name, data, user: {}, ts: Date.now() };
}

/** The triggers that an event's name satisfies: itself, and a `*` after any slash or dot in it, never within a word. */
export function matchingPatterns(name: string): string[] {
  return [name, ...[...name.matchAll(/[/.]/g)].map(({ index }) => `${name.slice(0, index + 1)}*`)];
}
