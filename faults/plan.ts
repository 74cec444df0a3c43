import type { Part } from "@/faults/stage";
import type { Random } from "@/local/sandbox/random";

/** Something that goes wrong, or that an owner or a recipient does at a bad moment. */
export type Fault =
  | { kind: "kill"; part: Part; signal: "SIGKILL" | "SIGTERM" }
  | { kind: "crash database" }
  | { kind: "api"; name: string; rule: ApiRule; tenant: number | null }
  | { kind: "repeat webhooks"; count: number; times: number }
  /** The server dies, and nothing is reported until nothing is in flight any more: then, too late, everything is. */
  | { kind: "kill server in silence" }
  | { kind: "sign webhooks wrongly"; ms: number }
  | { kind: "forge webhook"; tenant: number }
  | { kind: "revoke token"; tenant: number; ms: number }
  | { kind: "pause template"; tenant: number; ms: number }
  | { kind: "toggle"; tenant: number; times: number }
  /** The places in the audience of those who opt out, from 0 to 1. */
  | { kind: "opt out"; tenant: number; places: number[] };

export type Strike = { afterMs: number; fault: Fault };

type ApiRule = { fault: object; share?: number; times: number };

const html = "<html><body>Sorry, something went wrong.</body></html>";

/** What the Graph API may do to a POST; `when: "after"` means that it was accepted all the same. */
const apiFaults: Record<string, ApiRule> = {
  "500": { fault: { kind: "graph_error", code: 131000, http: 500 }, times: 20 },
  "503": { fault: { kind: "graph_error", code: 2, http: 503 }, times: 20 },
  "503 in HTML": { fault: { kind: "http", status: 503, body: html }, times: 5 },
  "502 in HTML after acceptance": {
    fault: { kind: "http", status: 502, body: html, when: "after" },
    times: 5,
  },
  "429": { fault: { kind: "http", status: 429 }, times: 5 },
  "130429": { fault: { kind: "graph_error", code: 130429 }, times: 5 },
  "131056": { fault: { kind: "graph_error", code: 131056 }, share: 0.05, times: 20 },
  "cut before acceptance": { fault: { kind: "drop", when: "before" }, times: 5 },
  "cut after acceptance": { fault: { kind: "drop", when: "after" }, times: 5 },
  "silence after acceptance": { fault: { kind: "hang", when: "after" }, times: 2 },
  "half an answer": { fault: { kind: "truncate" }, times: 5 },
  "slow answers": { fault: { kind: "delay", ms: 1_500 }, share: 0.2, times: 100 },
  "webhook first": { fault: { kind: "webhook_first" }, share: 0.2, times: 50 },
};

export type PlanOptions = {
  random: Random;
  /** How long the campaigns take when nothing goes wrong. */
  spanMs: number;
  tenants: number;
  /** Every process dies, and little else happens. */
  isShort: boolean;
};

/**
 * What strikes in a run and when: the same for the same stream of random numbers. In every run all kinds of processes
 * that hold something die, people opt out, and the webhooks and the API misbehave.
 */
export function planOf({ random, spanMs, tenants, isShort }: PlanOptions): Strike[] {
  const tenant = () => Math.floor(random() * tenants);
  const atSomeTime = (fault: Fault): Strike => ({
    afterMs: Math.round(spanMs * (0.05 + 0.95 * random())),
    fault,
  });
  const shuffled = <Item>(items: Item[]) =>
    items
      .map((item) => ({ item, key: random() }))
      .toSorted((one, other) => one.key - other.key)
      .map(({ item }) => item);
  const kill = (part: Part, signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Fault => ({
    kind: "kill",
    part,
    signal,
  });
  const optOut = (which: number): Fault => ({
    kind: "opt out",
    tenant: which,
    places: Array.from({ length: 10 }, () => 0.2 + 0.8 * random()),
  });
  const apiFault = (name: string): Fault => {
    const rule = apiFaults[name];
    if (!rule) throw new Error(`There is no fault ${name}.`);
    return { kind: "api", name, rule, tenant: random() < 0.5 ? tenant() : null };
  };

  const deaths = [
    kill("engine"),
    { kind: "crash database" } as const,
    { kind: "kill server in silence" } as const,
  ];
  const apis = shuffled(Object.keys(apiFaults)).map(apiFault);
  const webhooks: Fault[] = shuffled<Fault>([
    { kind: "repeat webhooks", count: 10, times: 5 },
    { kind: "forge webhook", tenant: tenant() },
    { kind: "sign webhooks wrongly", ms: 500 },
  ]);
  const owners: Fault[] = shuffled<Fault>([
    { kind: "revoke token", tenant: tenant(), ms: 1_500 },
    { kind: "pause template", tenant: tenant(), ms: 1_500 },
    { kind: "toggle", tenant: tenant(), times: 5 },
  ]);
  const moreDeaths = shuffled([
    kill("server", "SIGTERM"),
    kill("server"),
    kill("engine"),
    kill("sandbox"),
    { kind: "crash database" } as const,
  ]);

  const faults = isShort
    ? [...deaths, ...apis.slice(0, 3), ...webhooks.slice(0, 1), optOut(0)]
    : [
        ...deaths,
        ...moreDeaths.slice(0, 2),
        ...apis.slice(0, 6),
        ...webhooks.slice(0, 2),
        ...owners.slice(0, 2),
        ...Array.from({ length: tenants }, (_, which) => optOut(which)),
      ];
  return faults.map(atSomeTime).toSorted((one, other) => one.afterMs - other.afterMs);
}

/** For the line that is printed. */
export function nameOf(fault: Fault): string {
  if (fault.kind === "kill") return `${fault.signal} ${fault.part}`;
  return fault.kind === "api" ? fault.name : fault.kind;
}
