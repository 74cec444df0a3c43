import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { preferencesOf } from "@/lib/consent/preferences";
import { inboundOf } from "@/lib/inbound/message";
import { templateStatusOf } from "@/lib/templates/report";
import { changesOf, claimedIds, eventTypeOf, payloadOf, receiptsOf } from "@/lib/webhook-events/payload";

const folder = "lib/testing/fixtures/webhooks";
const sample = (name: string): unknown => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
const now = new Date("2026-11-22T00:00:00Z");

const everything = (payload: unknown) =>
  changesOf(payload)
    .map((change) => [
      receiptsOf(change),
      inboundOf(change, now),
      preferencesOf(change),
      templateStatusOf(change),
    ])
    .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

test.each(readdirSync(folder).filter((name) => name.endsWith(".json")))("reads %s", (name) => {
  const changes = changesOf(sample(name.replace(".json", "")));

  expect(changes.length).toBeGreaterThan(0);
  expect(everything(payloadOf(changes))).toEqual(everything(sample(name.replace(".json", ""))));
});

test.each([
  ["composed-status-read-v24", "message_status"],
  ["messages-in-text", "message"],
  ["composed-user_preferences-stop", "user_preferences"],
  ["composed-template-status-paused-first", "message_template_status_update"],
])("calls %s a %s", (name, type) => {
  expect(eventTypeOf(changesOf(sample(name)))).toBe(type);
});

test("reads a failed status with its code", () => {
  const [receipt] = changesOf(sample("composed-status-failed-131026")).flatMap(receiptsOf);

  expect(receipt).toMatchObject({ state: "failed", errorCode: "131026", at: expect.any(Date) });
});

describe("whatever else comes", () => {
  test.each([
    null,
    1,
    "text",
    [],
    {},
    { entry: null },
    { entry: [null, 1, {}] },
    { entry: [{ id: "1", changes: [null, { field: "messages" }, { field: "new_field", value: 7 }] }] },
    {
      entry: [
        {
          id: "1",
          changes: [{ field: "messages", value: { statuses: [{ id: 1 }, null], messages: "none" } }],
        },
      ],
    },
    {
      entry: [
        {
          id: "1",
          changes: [
            { field: "messages", value: { statuses: [{ id: "w", status: "played", timestamp: "x" }] } },
          ],
        },
      ],
    },
  ])("%j is no crash", (payload) => {
    expect(changesOf(payload).flatMap(receiptsOf)).toEqual([]);
    expect(() => everything(payload)).not.toThrow();
  });
});

test("finds the ids a body names without parsing it", () => {
  expect(
    claimedIds('{"entry":[{"id":"102","changes":[{"value":{"metadata":{"phone_number_id": "106"}}}]}]}'),
  ).toEqual({
    phoneNumberIds: ["106"],
    wabaIds: ["102"],
  });
});

test("finds an id behind thousands of others, and no more different ones than a call of Meta can name", () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `{"id":"${index}"}`).join();
  const same = '{"id": "102"},'.repeat(5000);

  expect(claimedIds(`[${same}{"id":"103"}]`).wabaIds).toEqual(["102", "103"]);
  expect(claimedIds(`[${ids(5000)}]`).wabaIds).toHaveLength(2000);
  expect(claimedIds('{"id":"wamid.1","id":102,"id" :"104"').wabaIds).toEqual(["104"]);
});

test.each([
  ["01900000-0000-7000-8000-000000000000", "01900000-0000-7000-8000-000000000000", 0],
  ["01900000-0000-7000-8000-000000000000.12", "01900000-0000-7000-8000-000000000000", 12],
  ["01900000-0000-7000-8000-000000000000.", null, null],
  ["01900000-0000-7000-8000-000000000000.9999999999", null, null],
  ["cmp_7f3:rcp_000123", null, null],
  [7, null, null],
])("reads %s as a message and its attempt", (data, messageId, attempt) => {
  const statuses = [{ id: "w", status: "sent", biz_opaque_callback_data: data }];
  const [change] = changesOf({ entry: [{ id: "1", changes: [{ field: "messages", value: { statuses } }] }] });

  expect(change && receiptsOf(change)).toMatchObject([{ messageId, attempt }]);
});
