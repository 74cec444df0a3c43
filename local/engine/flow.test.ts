import { describe, expect } from "vitest";
import { eventually, test } from "./testing";

describe.concurrent("concurrency", () => {
  test("lets as many steps with the same key execute as its limit says", async ({ world }) => {
    const executing = new Map<string, number>();
    let most = 0;
    let mostTogether = 0;
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction(
        { id: "lane", concurrency: { limit: 1, key: "event.data.lane" }, triggers: { event: "go" } },
        async ({ event, step }) => {
          for (const name of ["a", "b"]) {
            await step.run(name, async () => {
              const { lane } = event.data;
              executing.set(lane, (executing.get(lane) ?? 0) + 1);
              most = Math.max(most, executing.get(lane) ?? 0);
              mostTogether = Math.max(
                mostTogether,
                [...executing.values()].reduce((sum, n) => sum + n),
              );
              await new Promise((resolve) => setTimeout(resolve, 20));
              executing.set(lane, (executing.get(lane) ?? 0) - 1);
            });
          }
        },
      ),
    ]);

    await send(["x", "y"].flatMap((lane) => [1, 2, 3, 4].map((n) => ({ name: "go", data: { lane, n } }))));
    await ended("lane", 8);

    expect(most).toBe(1);
    expect(mostTogether).toBe(2);
  });

  test("does not count a run that sleeps", async ({ world }) => {
    const order: string[] = [];
    const { app, send, ended } = await world.both((inngest) => [
      inngest.createFunction(
        { id: "naps", concurrency: 1, triggers: { event: "go" } },
        async ({ event, step }) => {
          if (event.data.sleeps) await step.sleep("nap", "1s");
          await step.run("work", () => order.push(event.data.name));
        },
      ),
    ]);

    await send({ name: "go", data: { name: "sleeper", sleeps: true } });
    await eventually(() => app.calls() === 1);
    await send({ name: "go", data: { name: "worker" } });
    await ended("naps", 2);

    expect(order).toEqual(["worker", "sleeper"]);
  });

  test("serves the steps of the older run first", async ({ world }) => {
    const order: string[] = [];
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction(
          { id: "line", concurrency: 1, triggers: { event: "go" } },
          async ({ event, step }) => {
            for (const part of [1, 2]) {
              await step.run(`part ${part}`, () => order.push(`${event.data.n}.${part}`));
            }
          },
        ),
      ],
      { checkpointing: false },
    );

    await send([1, 2, 3].map((n) => ({ name: "go", data: { n } })));
    await ended("line", 3);

    expect(order).toEqual(["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]);
  });
});

describe.concurrent("a singleton", () => {
  test("in skip mode drops what starts while it runs", async ({ world }) => {
    const seen: unknown[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction(
        { id: "single", singleton: { key: "event.data.lane", mode: "skip" }, triggers: { event: "go" } },
        async ({ event, step }) => {
          await step.run("work", async () => {
            seen.push(event.data.n);
            if (event.data.n === 1) await held;
          });
        },
      ),
    ]);

    await send({ name: "go", data: { lane: "x", n: 1 } });
    await send({ name: "go", data: { lane: "x", n: 2 } });
    await send({ name: "go", data: { lane: "y", n: 3 } });
    await eventually(() => seen.length === 2);
    release();
    await ended("single", 2);
    await send({ name: "go", data: { lane: "x", n: 4 } });
    await ended("single", 3);

    expect(seen).toEqual([1, 3, 4]);
  });

  test("in cancel mode makes room for what starts", async ({ world }) => {
    const seen: unknown[] = [];
    const { app, engine, send, ended } = await world.both((inngest) => [
      inngest.createFunction(
        { id: "latest", singleton: { mode: "cancel" }, triggers: { event: "go" } },
        async ({ event, step }) => {
          if (event.data.n === 1) await step.sleep("long", "1h");
          seen.push(event.data.n);
        },
      ),
    ]);

    await send({ name: "go", data: { n: 1 } });
    await eventually(() => app.calls() === 1);
    await send({ name: "go", data: { n: 2 } });
    await ended("latest", 2);

    expect(
      engine
        .runs()
        .map(({ status }) => status)
        .toSorted(),
    ).toEqual(["Cancelled", "Completed"]);
    expect(seen).toEqual([2]);
  });
});

describe.concurrent("cancelOn", () => {
  test("cancels the runs that its condition names, also amid a step", async ({ world }) => {
    const seen: string[] = [];
    const cancelled: unknown[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { app, send, ended } = await world.both((inngest) => [
      inngest.createFunction(
        {
          id: "order",
          cancelOn: [{ event: "stop", if: "event.data.n == async.data.n" }],
          triggers: { event: "go" },
        },
        async ({ event, step }) => {
          await step.run("work", async () => {
            seen.push(`work ${event.data.n}`);
            await held;
          });
          await step.run("after", () => seen.push(`after ${event.data.n}`));
        },
      ),
      inngest.createFunction(
        { id: "mourner", triggers: { event: "inngest/function.cancelled" } },
        ({ event }) => {
          cancelled.push(event.data.event.data.n);
        },
      ),
    ]);

    await send({ name: "go", data: { n: 1 } });
    await send({ name: "go", data: { n: 2 } });
    await eventually(() => app.calls() === 2 && seen.length === 2);
    await send({ name: "stop", data: { n: 1 } });
    await ended("mourner");
    release();
    const orders = await ended("order", 2);

    expect(orders.map(({ status }) => status).toSorted()).toEqual(["Cancelled", "Completed"]);
    expect(seen).toContain("after 2");
    expect(seen).not.toContain("after 1");
    expect(cancelled).toEqual([1]);
  });

  test("does not cancel the run that the same event starts", async ({ world }) => {
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction(
        { id: "restart", cancelOn: [{ event: "go" }], triggers: { event: "go" } },
        () => "done",
      ),
    ]);

    await send({ name: "go" });
    const [run] = await ended("restart");

    expect(run?.status).toBe("Completed");
  });
});
