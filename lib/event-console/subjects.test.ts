import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { idsIn } from "@/lib/event-console/subjects";

const sample = (name: string): unknown =>
  JSON.parse(readFileSync(`lib/testing/fixtures/webhooks/${name}.json`, "utf8"));

test("finds whom a person's choice is about", () => {
  expect(idsIn(sample("composed-user_preferences-stop"))).toMatchObject({
    ...{ waIds: ["16505551234"], waUserIds: ["US.13491208655302741918"], whatsappMessageIds: [] },
  });
});

test("finds the messages and people of a report, each once", () => {
  const { whatsappMessageIds, waIds } = idsIn(sample("composed-batch-many-statuses-one-change"));

  expect(whatsappMessageIds.length).toBeGreaterThan(1);
  expect(waIds).toEqual([...new Set(waIds)]);
});

test("finds a template", () => {
  expect(idsIn(sample("composed-template-status-paused-first")).templateIds).toHaveLength(1);
});

test.each([
  null,
  [],
  "text",
  { entry: [{ changes: [{ field: "messages", value: { statuses: [1, null] } }] }] },
])("finds nothing in %o", (payload) => {
  expect(Object.values(idsIn(payload)).flat()).toEqual([]);
});

test("stops at the first fifty", () => {
  const statuses = Array.from({ length: 80 }, (_, index) => ({ id: `wamid.${index}`, status: "read" }));
  const payload = { entry: [{ id: "1", changes: [{ field: "messages", value: { statuses } }] }] };

  expect(idsIn(payload).whatsappMessageIds).toHaveLength(50);
});
