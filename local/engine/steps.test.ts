import { NonRetriableError, RetryAfterError } from "inngest";
import { describe, expect } from "vitest";
import { eventually, test } from "./testing";

const modes = [
  ["with checkpointing", {}],
  ["without checkpointing", { checkpointing: false }],
] as const;

describe.concurrent.each(modes)("steps %s", (_, client) => {
  test("run once each although the function is entered again", async ({ world }) => {
    const seen: string[] = [];
    const { send, ended, app } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "three", triggers: { event: "go" } }, async ({ event, step }) => {
          const a = await step.run("a", () => {
            seen.push("a");
            return event.data.n + 1;
          });
          const b = await step.run("b", () => {
            seen.push("b");
            return { a };
          });
          await step.sleep("pause", "1s");
          const c = await step.run("b", () => {
            seen.push("c");
            return b.a * 2;
          });
          seen.push(`result ${c}`);
          return c;
        }),
      ],
      client,
    );

    await send({ name: "go", data: { n: 1 } });
    const [run] = await ended("three");

    expect(run?.status).toBe("Completed");
    expect(seen.filter((entry) => !entry.startsWith("result"))).toEqual(["a", "b", "c"]);
    expect(seen.at(-1)).toBe("result 4");
    expect(app.calls()).toBe("checkpointing" in client ? 5 : 2);
  });

  test("run in parallel, and the function goes on when all have ended", async ({ world }) => {
    let executing = 0;
    let most = 0;
    const bodies: string[] = [];
    let sum = 0;
    const work = (name: string, result: number) => async () => {
      bodies.push(name);
      most = Math.max(most, ++executing);
      await eventually(() => most === 3);
      executing--;
      return result;
    };
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "fan", triggers: { event: "go" } }, async ({ step }) => {
          const parts = await Promise.all([
            step.run("one", work("one", 1)),
            step.run("two", work("two", 2)),
            step.run("three", work("three", 3)),
          ]);
          sum = await step.run("sum", () => {
            bodies.push("sum");
            return parts.reduce((a, b) => a + b);
          });
        }),
      ],
      client,
    );

    await send({ name: "go" });
    await ended("fan");

    expect(sum).toBe(6);
    expect(bodies.toSorted()).toEqual(["one", "sum", "three", "two"]);
  });

  test("race, and the function goes on with the first", async ({ world }) => {
    const bodies: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "race", triggers: { event: "go" } }, async ({ step, group }) => {
          const winner = await group.parallel(() =>
            Promise.race([
              step.run("slow", async () => {
                bodies.push("slow");
                await held;
                return "slow";
              }),
              step.run("fast", () => "fast"),
            ]),
          );
          await step.run("after", () => bodies.push(`after ${winner}`));
        }),
      ],
      client,
    );

    await send({ name: "go" });
    await eventually(() => bodies.length === 2);
    release();
    await ended("race");

    expect(bodies).toEqual(["slow", "after fast"]);
  });

  test("sleep and run beside each other", async ({ world }) => {
    const bodies: string[] = [];
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "mixed", triggers: { event: "go" } }, async ({ step }) => {
          await Promise.all([
            step.sleepUntil("nap", new Date(Date.now() + 100)),
            step.sleepUntil("longer nap", new Date(Date.now() + 100)),
            step.run("work", () => bodies.push("work")),
          ]);
          await step.run("after", () => bodies.push("after"));
        }),
      ],
      client,
    );

    await send({ name: "go" });
    await ended("mixed");

    expect(bodies).toEqual(["work", "after"]);
  });

  test("are retried by themselves, and what ran before them is not", async ({ world }) => {
    const attempts: number[] = [];
    let first = 0;
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction(
          { id: "flaky", retries: 3, triggers: { event: "go" } },
          async ({ step, attempt }) => {
            await step.run("first", () => {
              first++;
            });
            await step.run("flaky", () => {
              attempts.push(attempt);
              if (attempts.length < 3) throw new Error("not yet");
            });
          },
        ),
      ],
      client,
    );

    await send({ name: "go" });
    const [run] = await ended("flaky");

    expect(run?.status).toBe("Completed");
    expect(attempts).toEqual([0, 1, 2]);
    expect(first).toBe(1);
  });

  test("fail for good after the last attempt: the function may catch it", async ({ world }) => {
    let attempts = 0;
    const caught: unknown[] = [];
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "catches", retries: 1, triggers: { event: "go" } }, async ({ step }) => {
          try {
            await step.run("broken", () => {
              attempts++;
              throw new TypeError("broken for good");
            });
          } catch (error) {
            caught.push(error);
          }
          await step.run("goes on", () => "fine");
        }),
      ],
      client,
    );

    await send({ name: "go" });
    const [run] = await ended("catches");

    expect(run?.status).toBe("Completed");
    expect(attempts).toBe(2);
    expect(caught.at(-1)).toMatchObject({ name: "TypeError", message: "broken for good" });
  });

  test("fail the run when nobody catches it, and onFailure hears of it once", async ({ world }) => {
    const attempts: number[] = [];
    const failures: { error: string; event: unknown }[] = [];
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction(
          {
            id: "fails",
            retries: 2,
            triggers: { event: "go" },
            onFailure: ({ error, event }) => {
              failures.push({ error: error.message, event: event.data.event.data });
            },
          },
          async ({ step, attempt }) => {
            await step.run("broken", () => {
              attempts.push(attempt);
              throw new Error("never works");
            });
          },
        ),
      ],
      client,
    );

    await send({ name: "go", data: { n: 7 } });
    const [run] = await ended("fails");
    await ended("fails-failure");

    expect(run).toMatchObject({ status: "Failed", error: "Error: never works" });
    expect(attempts).toEqual([0, 1, 2]);
    expect(failures).toEqual([{ error: "never works", event: { n: 7 } }]);
  });

  test("are not retried after a NonRetriableError", async ({ world }) => {
    let attempts = 0;
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "stops", triggers: { event: "go" } }, async ({ step }) => {
          await step.run("broken", () => {
            attempts++;
            throw new NonRetriableError("no use");
          });
        }),
      ],
      client,
    );

    await send({ name: "go" });
    const [run] = await ended("stops");

    expect(run).toMatchObject({ status: "Failed", error: expect.stringContaining("no use") });
    expect(attempts).toBe(1);
  });

  test("wait as long as a RetryAfterError says", async ({ world }) => {
    const times: number[] = [];
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "later", triggers: { event: "go" } }, async ({ step }) => {
          await step.run("busy", () => {
            times.push(Date.now());
            if (times.length === 1) throw new RetryAfterError("busy", 1_000);
          });
        }),
      ],
      client,
    );

    await send({ name: "go" });
    await ended("later");

    expect(times).toHaveLength(2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
  });
});

describe.concurrent("functions", () => {
  test("without steps return their result and are retried as a whole", async ({ world }) => {
    const attempts: number[] = [];
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction({ id: "plain", triggers: { event: "go" } }, async ({ attempt }) => {
        attempts.push(attempt);
        if (attempt < 2) throw new Error("not yet");
        return "done";
      }),
    ]);

    await send({ name: "go" });
    const [run] = await ended("plain");

    expect(run).toMatchObject({ status: "Completed", error: null });
    expect(attempts).toEqual([0, 1, 2]);
  });

  test("fetch steps and events themselves when they outgrow a request", async ({ world }) => {
    const sizes: number[] = [];
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "big", triggers: { event: "go" } }, async ({ events, step }) => {
          for (const i of [0, 1])
            sizes[i] = (await step.run(`part ${i}`, () => "x".repeat(2_500_000))).length;
          sizes[2] = events.length;
        }),
      ],
      { checkpointing: false },
    );

    await send({ name: "go" });
    await ended("big");

    expect(sizes).toEqual([2_500_000, 2_500_000, 1]);
  });

  test("hand over to a new call when one has lasted long enough", async ({ world }) => {
    const seen: number[] = [];
    const { app, send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "long", triggers: { event: "go" } }, async ({ step }) => {
          for (const n of [1, 2, 3, 4, 5]) {
            await step.run(`part ${n}`, async () => {
              seen.push(n);
              await new Promise((resolve) => setTimeout(resolve, 40));
            });
          }
        }),
      ],
      { checkpointing: { maxRuntime: 60 } },
    );

    await send({ name: "go" });
    await ended("long");

    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(app.calls()).toBeGreaterThan(2);
  });

  test("with more steps than Inngest allows fail", async ({ world }) => {
    const { send, ended } = await world.both(
      (inngest) => [
        inngest.createFunction({ id: "endless", triggers: { event: "go" } }, async ({ step }) => {
          for (;;) await step.run("again", () => "and again");
        }),
      ],
      { checkpointing: false },
      { maxSteps: 5 },
    );

    await send({ name: "go" });
    const [run] = await ended("endless");

    expect(run).toMatchObject({ steps: 5, error: expect.stringContaining("InngestErrFunctionOverflowed") });
  });

  test("that use what the engine lacks fail with its name", async ({ world }) => {
    const { send, ended } = await world.both((inngest) => [
      inngest.createFunction({ id: "signal", triggers: { event: "go" } }, async ({ step }) => {
        await step.waitForSignal("signal", { signal: "s", timeout: "1m" });
      }),
    ]);

    await send({ name: "go" });
    const [run] = await ended("signal");

    expect(run?.error).toContain("WaitForSignal");
  });
});
