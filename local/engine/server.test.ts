import { request } from "node:http";
import { describe, expect } from "vitest";
import { eventually, test } from "./testing";

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body, headers });

describe.concurrent("the server", () => {
  test("answers nonsense with 400 and goes on", async ({ world }) => {
    const { url } = await world.engine();

    const answers = await Promise.all([
      post(`${url}/e/key`, "{"),
      post(`${url}/e/key`, "7"),
      post(`${url}/e/key`, '{"name":""}'),
      post(`${url}/e/key`, '{"name":"x","data":[1]}'),
      post(`${url}/e/key`, '{"name":"inngest/function.failed"}'),
      post(`${url}/fn/register`, "null"),
      post(`${url}/fn/register`, '{"url":"http://x/","appName":"a","functions":[{"id":1}]}'),
      post(`${url}/fn/register`, "{}", { "x-inngest-expected-server-kind": "cloud" }),
      post(`${url}/v1/checkpoint/x/async`, '{"steps":7}'),
      post(`${url}/v1/checkpoint/%E0%A4%A/async`, "{}"),
    ]);

    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(400));
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test("says what it does not know", async ({ world }) => {
    const { url } = await world.engine();

    expect((await post(`${url}/v1/signals`, "{}")).status).toBe(501);
    expect((await fetch(`${url}/v0/runs/none/actions`)).status).toBe(404);
    expect((await fetch(`${url}/dev`)).headers.get("x-inngest-server-kind")).toBe("dev");
  });

  test("does not listen to web pages", async ({ world }) => {
    const { url } = await world.engine();
    const statusFor = (host: string) =>
      new Promise((resolve) =>
        request(`${url}/`, { headers: { host } }, (response) => resolve(response.statusCode)).end(),
      );

    expect((await post(`${url}/e/key`, '{"name":"go"}', { origin: "http://evil.test" })).status).toBe(403);
    expect(await statusFor("evil.test:8288")).toBe(403);
    expect(await statusFor("localhost:8288")).toBe(200);
  });

  test("takes checkpoints of the call under way only", async ({ world }) => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const calls: { runId: string; jobId: string | undefined }[] = [];
    const { engine, send, ended } = await world.both((inngest) => [
      inngest.createFunction(
        { id: "held", triggers: { event: "go" } },
        async ({ step, runId, ...context }) => {
          calls.push({ runId, jobId: "jobId" in context ? String(context.jobId) : undefined });
          await step.run("work", () => held);
        },
      ),
    ]);
    await send({ name: "go" });
    await eventually(() => calls.length === 1);
    const { runId = "", jobId = "" } = calls[0] ?? {};
    const checkpoint = (body: object) =>
      post(`${engine.url}/v1/checkpoint/${runId}/async`, JSON.stringify(body)).then(({ status }) => status);
    const steps = [{ op: "StepRun", id: "other", data: 1 }];

    const statuses = [
      await checkpoint({ qi_id: jobId, generation_id: 2, steps }),
      await checkpoint({ qi_id: "another", steps }),
      await checkpoint({ qi_id: jobId, generation_id: 1, steps: [{ op: "Sleep", id: "s", name: "1s" }] }),
      await checkpoint({ qi_id: jobId, generation_id: 1, steps }),
    ];
    release();
    await ended("held");

    expect(statuses).toEqual([409, 409, 400, 200]);
    expect(await checkpoint({ qi_id: jobId, steps })).toBe(404);
  });

  test("remembers only so many ended runs", async ({ world }) => {
    const { engine, send } = await world.both(
      (inngest) => [inngest.createFunction({ id: "many", triggers: { event: "go" } }, () => "done")],
      {},
      { history: 3 },
    );

    const last = await send(Array.from({ length: 10 }, () => ({ name: "go" })));
    await eventually(() => engine.runs().every(({ endedAt }) => endedAt !== null));

    expect(last.ids).toHaveLength(10);
    expect(engine.runs()).toHaveLength(3);
    expect(await (await fetch(engine.url)).json()).toMatchObject({ runs: [{ status: "Completed" }, {}, {}] });
  });
});
