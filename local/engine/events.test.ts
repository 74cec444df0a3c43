import type { Inngest } from "inngest";
import { describe, expect } from "vitest";
import { matchingPatterns } from "./events";
import { eventually, test } from "./testing";

describe("matchingPatterns", () => {
  test("puts the star after a slash or dot only", () => {
    expect(matchingPatterns("app/user.created")).toEqual(["app/user.created", "app/*", "app/user.*"]);
    expect(matchingPatterns("simple")).toEqual(["simple"]);
  });
});

describe.concurrent("events", () => {
  test("start the functions whose name, wildcard or condition they meet", async ({ world }) => {
    const seen: string[] = [];
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction({ id: "named", triggers: { event: "shop/order.paid" } }, () => {
        seen.push("named");
      }),
      inngest.createFunction({ id: "wild", triggers: { event: "shop/*" } }, () => {
        seen.push("wild");
      }),
      inngest.createFunction(
        { id: "rich", triggers: { event: "shop/order.paid", if: "event.data.total > 100" } },
        () => {
          seen.push("rich");
        },
      ),
      inngest.createFunction({ id: "other", triggers: { event: "shop/order" } }, () => {
        seen.push("other");
      }),
    ]);

    await send([
      { name: "shop/order.paid", data: { total: 5 } },
      { name: "shop/order.paid", data: { total: 500 } },
    ]);
    await ended("named", 2);
    await ended("wild", 2);
    await ended("rich", 1);

    expect(seen.toSorted()).toEqual(["named", "named", "rich", "wild", "wild"]);
  });

  test("with the same id start a function once", async ({ world }) => {
    const seen: unknown[] = [];
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction({ id: "once", triggers: { event: "go" } }, ({ event }) => {
        seen.push(event.data.n);
      }),
    ]);

    const first = await send({ id: "same", name: "go", data: { n: 1 } });
    const second = await send({ id: "same", name: "go", data: { n: 2 } });
    await send({ id: "other", name: "go", data: { n: 3 } });
    await ended("once", 2);

    expect(seen.toSorted()).toEqual([1, 3]);
    expect(first.ids).toHaveLength(1);
    expect(second.ids).toHaveLength(1);
  });

  test("that arrive twice because the sender repeated the request count once", async ({ world }) => {
    let runs = 0;
    const { engine, ended } = await world.both((inngest) => [
      inngest.createFunction({ id: "seeded", triggers: { event: "go" } }, () => {
        runs++;
      }),
    ]);
    const post = async () => {
      const response = await fetch(`${engine.url}/e/key`, {
        method: "POST",
        headers: { "x-inngest-event-id-seed": `1767225600000,${Buffer.alloc(10, 7).toString("base64")}` },
        body: JSON.stringify([{ name: "go" }, { name: "go" }]),
      });
      return ((await response.json()) as { ids: string[] }).ids;
    };

    const ids = await post();
    const again = await post();
    await ended("seeded", 2);

    expect(again).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
    expect(runs).toBe(2);
  });

  test("from the future start their functions then", async ({ world }) => {
    let started = 0;
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction({ id: "future", triggers: { event: "go" } }, () => {
        started = Date.now();
      }),
    ]);

    const ts = Date.now() + 300;
    await send({ name: "go", ts });
    await ended("future");

    expect(started).toBeGreaterThanOrEqual(ts);
  });

  test("that a step sends are sent once and start other functions", async ({ world }) => {
    const seen: unknown[] = [];
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction({ id: "sender", triggers: { event: "go" } }, async ({ step }) => {
        await step.sendEvent("tell", [
          { name: "told", data: { n: 1 } },
          { name: "told", data: { n: 2 } },
        ]);
        await step.run("after", () => "after");
      }),
      inngest.createFunction({ id: "receiver", triggers: { event: "told" } }, ({ event }) => {
        seen.push(event.data.n);
      }),
    ]);

    await send({ name: "go" });
    await ended("sender");
    await ended("receiver", 2);

    expect(seen.toSorted()).toEqual([1, 2]);
  });

  test("gather into batches until one is full or has waited", async ({ world }) => {
    const batches: unknown[][] = [];
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction(
        {
          id: "batch",
          batchEvents: { maxSize: 2, timeout: "1s", key: "event.data.k" },
          triggers: { event: "go" },
        },
        ({ events }) => {
          batches.push(events.map((event: { data: { n: number } }) => event.data.n));
        },
      ),
    ]);

    await send([1, 2, 3].map((n) => ({ name: "go", data: { n, k: "a" } })));
    await send({ name: "go", data: { n: 4, k: "b" } });
    await ended("batch", 3);

    expect(batches.toSorted()).toEqual([[1, 2], [3], [4]]);
  });

  test("start an idempotent function once per key", async ({ world }) => {
    const seen: unknown[] = [];
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction(
        { id: "idem", idempotency: "event.data.order", triggers: { event: "go" } },
        ({ event }) => {
          seen.push(event.data.n);
        },
      ),
    ]);

    await send([
      { name: "go", data: { order: "a", n: 1 } },
      { name: "go", data: { order: "a", n: 2 } },
      { name: "go", data: { order: "b", n: 3 } },
    ]);
    await ended("idem", 2);

    expect(seen.toSorted()).toEqual([1, 3]);
  });
});

describe.concurrent("waiting for an event", () => {
  const waiter = { id: "waiter", triggers: { event: "go" } };

  test("ends with the first that matches", async ({ world }) => {
    const got: unknown[] = [];
    const { app, send, ended } = await world.both((inngest) => [
      inngest.createFunction(waiter, async ({ step }) => {
        const reply = await step.waitForEvent("reply", {
          event: "reply",
          timeout: "1m",
          if: "event.data.order == async.data.order && async.data.ok",
        });
        got.push(reply?.data);
      }),
    ]);

    await send({ name: "go", data: { order: 7 } });
    await eventually(() => app.calls() === 1);
    await send({ name: "reply", data: { order: 8, ok: true } });
    await send({ name: "reply", data: { order: 7, ok: false } });
    await send({ name: "reply", data: { order: 7, ok: true, n: 1 } });
    await ended("waiter");

    expect(got).toEqual([{ order: 7, ok: true, n: 1 }]);
  });

  test("ends with null when the time is up", async ({ world }) => {
    const got: unknown[] = [];
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction(waiter, async ({ step }) => {
        got.push(await step.waitForEvent("reply", { event: "reply", timeout: "1s", match: "data.order" }));
      }),
    ]);

    await send({ name: "go", data: { order: 7 } });
    await ended("waiter");

    expect(got).toEqual([null]);
  });

  test("fails the run when its condition cannot be understood", async ({ world }) => {
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction(waiter, async ({ step }) => {
        await step.waitForEvent("reply", {
          event: "reply",
          timeout: "1m",
          if: "async.data.when > date('2020-01-01')",
        });
      }),
    ]);

    await send({ name: "go" });
    const [run] = await ended("waiter");

    expect(run).toMatchObject({ status: "Failed", error: expect.stringContaining("date()") });
  });
});

describe.concurrent("invoking a function", () => {
  test("waits for its result", async ({ world }) => {
    const got: unknown[] = [];
    const { send, ended } = await world.both((inngest) => {
      const double = inngest.createFunction(
        { id: "double", triggers: { event: "never" } },
        async ({ event, step }) => {
          return step.run("double", () => event.data.n * 2);
        },
      );
      const caller = inngest.createFunction({ id: "caller", triggers: { event: "go" } }, async ({ step }) => {
        got.push(await step.invoke("double it", { function: double, data: { n: 21 } }));
      });
      return [double, caller];
    });

    await send({ name: "go" });
    await ended("caller");

    expect(got).toEqual([42]);
  });

  test("gets its failure as an error", async ({ world }) => {
    const got: unknown[] = [];
    const { send, ended } = await world.both((inngest) => {
      const broken = inngest.createFunction(
        { id: "broken", retries: 0, triggers: { event: "never" } },
        () => {
          throw new Error("out of order");
        },
      );
      const caller = inngest.createFunction({ id: "caller", triggers: { event: "go" } }, async ({ step }) => {
        await step.invoke("try", { function: broken }).catch((error) => got.push(error.message));
      });
      return [broken, caller];
    });

    await send({ name: "go" });
    await ended("caller");

    expect(got.at(-1)).toBe("out of order");
  });

  test("gives up after its timeout", async ({ world }) => {
    const got: unknown[] = [];
    const { send, ended } = await world.both((inngest) => {
      const slow = inngest.createFunction({ id: "slow", triggers: { event: "never" } }, async ({ step }) => {
        await step.sleep("long", "1h");
      });
      const caller = inngest.createFunction({ id: "caller", triggers: { event: "go" } }, async ({ step }) => {
        await step.invoke("try", { function: slow, timeout: "1s" }).catch((error) => got.push(error.name));
      });
      return [slow, caller];
    });

    await send({ name: "go" });
    await ended("caller");

    expect(got).not.toHaveLength(0);
  });
});

describe.concurrent("events before any app has registered", () => {
  const counting = (seen: unknown[]) => (inngest: Inngest) => [
    inngest.createFunction({ id: "count", triggers: { event: "go" } }, ({ event }) => {
      seen.push(event.data.n);
    }),
  ];
  const numbered = (count: number) => Array.from({ length: count }, (_, n) => ({ name: "go", data: { n } }));

  test("are held until one has, and then taken once", async ({ world }) => {
    const seen: unknown[] = [];
    const engine = await world.engine();
    const app = await world.app(engine.url, counting(seen));

    await app.client.send(numbered(3));
    expect(engine.runs()).toEqual([]);
    await engine.sync(app.url);
    await engine.sync(app.url);
    await eventually(() => engine.runs().filter(({ endedAt }) => endedAt !== null).length === 3);
    await app.client.send({ name: "go", data: { n: 3 } });
    await eventually(() => seen.length === 4);

    expect(seen.toSorted()).toEqual([0, 1, 2, 3]);
  });

  test("are not lost to an app that is refused", async ({ world }) => {
    const seen: unknown[] = [];
    const engine = await world.engine();
    const app = await world.app(engine.url, counting(seen));
    const wrong = { url: app.url, appName: "wrong", functions: [{ id: "nothing" }] };

    await app.client.send(numbered(1));
    const refused = await fetch(`${engine.url}/fn/register`, { method: "POST", body: JSON.stringify(wrong) });
    await engine.sync(app.url);
    await eventually(() => seen.length === 1);

    expect(refused.status).toBe(400);
    expect(seen).toEqual([0]);
  });

  test("are held in a limited number, the latest ones, and the log says so", async ({ world }) => {
    const seen: unknown[] = [];
    const lines: string[] = [];
    const engine = await world.engine({ maxEarlyEvents: 2, log: (line) => lines.push(line) });
    const app = await world.app(engine.url, counting(seen));

    await app.client.send(numbered(5));
    await engine.sync(app.url);
    await eventually(() => seen.length === 2);

    expect(seen.toSorted()).toEqual([3, 4]);
    expect(lines.filter((line) => line.includes("dropped"))).toEqual([
      "3 events came before any app had registered and were dropped.",
    ]);
  });
});
