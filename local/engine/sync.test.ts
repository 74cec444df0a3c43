import { describe, expect } from "vitest";
import { eventually, test } from "./testing";

const done = () => "done";

describe.concurrent("sync", () => {
  test("learns an app's functions from its answer", async ({ world }) => {
    const engine = await world.engine();
    const app = await world.app(engine.url, (inngest) => [
      inngest.createFunction({ id: "one", triggers: { event: "go" }, onFailure: () => {} }, done),
    ]);

    await engine.sync(app.url);

    expect(engine.overview().apps).toMatchObject([
      {
        name: "app",
        url: app.url,
        functions: [
          { id: "app-one", triggers: ["go"] },
          { id: "app-one-failure", triggers: ["inngest/function.failed"] },
        ],
      },
    ]);
  });

  test("takes what an app registers by itself", async ({ world }) => {
    const engine = await world.engine();
    const app = await world.app(engine.url, (inngest) => [
      inngest.createFunction({ id: "one", triggers: { event: "go" } }, done),
    ]);

    const first = await fetch(app.url, { method: "PUT" });
    const second = await fetch(app.url, { method: "PUT" });

    expect(await first.json()).toMatchObject({ modified: true });
    expect(await second.json()).toMatchObject({ modified: false });
    expect(engine.overview().apps).toHaveLength(1);
  });

  test("refuses what the engine cannot do, and says what", async ({ world }) => {
    const engine = await world.engine();
    const app = await world.app(engine.url, (inngest) => [
      inngest.createFunction({ id: "fine", triggers: { event: "go" } }, done),
      inngest.createFunction(
        { id: "calm", triggers: { event: "go" }, throttle: { limit: 1, period: "1s" } },
        done,
      ),
      inngest.createFunction(
        { id: "odd", triggers: { event: "go", if: "event.data.x.exists(y, y > 1)" } },
        done,
      ),
    ]);

    const response = await fetch(app.url, { method: "PUT" });

    expect(response.status).toBe(400);
    expect(((await response.json()) as { message: string }).message).toMatch(
      /"app-calm".*throttle: not supported/s,
    );
    await expect(engine.sync(app.url)).rejects.toThrow("throttle: not supported");
    expect(engine.overview().apps).toEqual([]);
  });

  test("waits for an app, and notices that it restarted with other functions", async ({ world }) => {
    const probe = await world.app("http://127.0.0.1:1", () => []);
    await probe.close();
    const engine = await world.engine({ appUrls: [probe.url] });
    const functionIds = () =>
      engine.overview().apps.flatMap(({ functions }) => functions.map(({ id }) => id));
    await eventually(() => engine.overview().sync[probe.url]?.startsWith("not synced"));

    const start = (id: string) =>
      world.app(
        engine.url,
        (inngest) => [inngest.createFunction({ id, triggers: { event: "go" } }, done)],
        {},
        probe.port,
      );
    const before = await start("before");
    await eventually(() => functionIds().includes("app-before"));
    await before.close();
    await start("after");

    await eventually(() => functionIds().includes("app-after"));
    expect(functionIds()).toEqual(["app-after"]);
    expect(engine.overview().sync[probe.url]).toBe("synced");
  });

  test("retries calls while the app is away, and loses no run", async ({ world }) => {
    const seen: string[] = [];
    const engine = await world.engine({ retryDelay: () => 50 });
    const start = (port?: number) =>
      world.app(
        engine.url,
        (inngest) => [
          inngest.createFunction(
            { id: "patient", triggers: { event: "go" }, retries: 20 },
            async ({ step }) => {
              await step.run("first", () => seen.push("first"));
              await step.sleep("nap", "1s");
              await step.run("second", () => seen.push("second"));
            },
          ),
        ],
        {},
        port,
      );
    const before = await start();
    await engine.sync(before.url);

    await before.client.send({ name: "go" });
    await eventually(() => engine.runs()[0]?.steps === 1);
    await before.close();
    await eventually(() => engine.runs()[0]?.error?.includes("could not be reached"));
    await start(before.port);
    await eventually(() => engine.runs()[0]?.status === "Completed");

    expect(seen).toEqual(["first", "second"]);
  });

  test("runs what a schedule says", async ({ world }) => {
    const fires: ((at: Date) => void)[] = [];
    const stopped: string[] = [];
    const seen: unknown[] = [];
    const { app, engine, ended } = await world.both(
      (inngest) => [
        inngest.createFunction(
          { id: "hourly", triggers: { cron: "TZ=Asia/Kathmandu 0 * * * *" } },
          ({ event }) => {
            seen.push(event);
          },
        ),
      ],
      {},
      {
        schedule(expression, fire) {
          fires.push(fire);
          return () => stopped.push(expression);
        },
      },
    );

    fires[0]?.(new Date("2026-01-01T10:15:00.000Z"));
    fires[0]?.(new Date("2026-01-01T10:15:00.000Z"));
    await ended("hourly");
    await app.close();
    await world.app(engine.url, () => [], {}, app.port);
    await engine.sync(app.url);

    expect(seen).toMatchObject([
      {
        name: "inngest/scheduled.timer",
        data: { cron: "TZ=Asia/Kathmandu 0 * * * *", scheduledAt: "2026-01-01T10:15:00Z" },
      },
    ]);
    expect(stopped).toEqual(["TZ=Asia/Kathmandu 0 * * * *"]);
  });
});
