import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { offerTo, openStage, until } from "./testing";

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => stage.admin.delete("/faults"));

const rule = (fault: object, rest: object = {}) => stage.admin.post("/faults", { fault, ...rest });
let next = 0;
const somebody = () => `+91982200${String(++next).padStart(3, "0")}5`;
const answerTo = async (data: string) =>
  (await stage.ledger("kind=answer")).find((entry) => entry.callbackData === data);
const told = (data: string) =>
  stage.receiver.all("statuses").some((status) => status.biz_opaque_callback_data === data);

test("strikes as often as it is told to, and only whom it matches", async () => {
  await rule({ kind: "graph_error", code: 131000 }, { times: 2, match: { recipientSuffix: "5" } });
  const codes = [];
  for (const to of [somebody(), "+919822009996", somebody(), somebody()])
    codes.push((await stage.send(offerTo(to))).status);

  expect(codes).toEqual([500, 200, 500, 200]);
  expect((await stage.admin.get("/faults")).body.faults).toMatchObject([{ hits: 2 }]);
});

test("leaves other numbers alone", async () => {
  await rule(
    { kind: "http", status: 502, body: "<html>bad gateway</html>" },
    { match: { phoneNumberId: "1" } },
  );

  expect((await stage.send(offerTo(somebody()))).status).toBe(200);
});

test("strikes a share of the calls", async () => {
  await rule({ kind: "graph_error", code: 131056 }, { match: { share: 0.5 } });
  const answers = await Promise.all(Array.from({ length: 60 }, () => stage.send(offerTo(somebody()))));

  const refused = answers.filter(({ status }) => status !== 200).length;
  expect(refused).toBeGreaterThan(10);
  expect(refused).toBeLessThan(50);
});

test.each([
  ["graph_error", { kind: "graph_error", code: 131000, when: "after" }, 500],
  ["http", { kind: "http", status: 500, body: "{}", when: "after" }, 500],
])("accepts and answers with an error: %s", async (data, fault, status) => {
  await rule(fault);
  const answer = await stage.send(offerTo(somebody(), { biz_opaque_callback_data: data }));

  expect(answer.status).toBe(status);
  expect(await answerTo(data)).toMatchObject({ accepted: true, status });
  await until(() => told(data), "the webhook of the accepted message");
});

test.each([
  ["drop", { kind: "drop", when: "after" }],
  ["truncate", { kind: "truncate" }],
])("accepts and does not say so: %s", async (data, fault) => {
  await rule(fault);
  await expect(stage.send(offerTo(somebody(), { biz_opaque_callback_data: data }))).rejects.toThrow();

  expect(await answerTo(data)).toMatchObject({ accepted: true, connection: data });
  await until(() => told(data), "the webhook of the accepted message");
});

test("drops before anything is accepted", async () => {
  const before = (await stage.ledger("kind=answer")).at(-1)?.seq ?? 0;
  await rule({ kind: "drop", when: "before" });
  await expect(stage.send(offerTo(somebody(), { biz_opaque_callback_data: "lost" }))).rejects.toThrow();

  expect(await stage.ledger(`after=${before}&kind=answer`)).toMatchObject([
    { accepted: false, status: null, connection: "drop" },
  ]);
  expect(
    (await stage.ledger("kind=request")).some((entry) => JSON.stringify(entry.body).includes("lost")),
  ).toBe(true);
});

test("answers late, and after the webhook", async () => {
  await rule({ kind: "delay", ms: 120 }, { times: 1 });
  const startedAt = performance.now();
  await stage.send(offerTo(somebody()));
  expect(performance.now() - startedAt).toBeGreaterThan(110);

  await stage.admin.delete("/faults");
  await rule({ kind: "webhook_first" });
  const { body } = await stage.send(offerTo(somebody()));
  expect(stage.receiver.statusesOf(body.messages[0].id).length).toBeGreaterThan(0);
});

test("decides outcomes and holds messages back", async () => {
  await rule({ kind: "outcome", outcome: { code: 131049 } }, { times: 1 });
  await rule({ kind: "hold" }, { times: 1 });
  const failing = await stage.send(offerTo(somebody()));
  const held = await stage.send(offerTo(somebody()));

  await until(() => stage.receiver.statusesOf(failing.body.messages[0].id).includes("failed"), "the failure");
  expect(held.body.messages[0].message_status).toBe("held_for_quality_assessment");
});

test("strikes management calls by their path", async () => {
  await rule({ kind: "graph_error", code: 4 }, { match: { path: "message_templates" } });

  expect((await stage.graph.get(`/${stage.keys.wabaId}/message_templates`)).body.error.code).toBe(4);
  expect((await stage.send(offerTo(somebody()))).status).toBe(200);
  expect((await stage.admin.delete("/faults/999")).status).toBe(404);
});
