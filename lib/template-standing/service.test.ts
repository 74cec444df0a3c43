import { beforeEach, describe, expect, test } from "vitest";
import { alertRepository } from "@/lib/alerts/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import { startDueCampaign } from "@/lib/campaigns/service";
import { sql } from "@/lib/db";
import { applyTemplateList, applyTemplateReport } from "@/lib/template-standing/service";
import { templateRepository } from "@/lib/templates/repository";
import { metaTemplateSchema } from "@/lib/templates/schema";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createTemplate, createUser } from "@/lib/testing/factories";
import { changesOf } from "@/lib/webhook-events/payload";

let owner: UserId;
let templateId: string;
beforeEach(async () => {
  owner = await createUser();
  ({ id: templateId } = await createTemplate(owner, {
    ...{ name: "spring_sale", whatsappTemplateId: "111", category: "utility" },
  }));
  await sql`UPDATE templates SET "updatedAt" = now() - interval '1 hour' WHERE "userId" = ${owner}`;
});

/** WhatsApp's list has nothing but this template, or nothing at all. */
function sync(changes: object | null) {
  const told = { id: "111", name: "spring_sale", language: "en_US", status: "APPROVED", category: "UTILITY" };
  const listed = changes === null ? [] : [metaTemplateSchema.parse({ ...told, ...changes })];
  return applyTemplateList(
    owner,
    listed,
    listed.map(({ id }) => id),
  );
}

const hourAgo = () => new Date(Date.now() - 3_600_000);

/** With this template, or with another one. */
async function sending(of: string | null = templateId) {
  const { id } = await createCampaign(owner, {
    ...{ status: "processing", startedAt: hourAgo(), runSince: hourAgo(), frozenAt: hourAgo() },
    ...{ templateSnapshot: { category: of ? "utility" : "marketing" } },
    ...(of && { templateId: of }),
  });
  return id;
}

async function scheduled() {
  const { id } = await createCampaign(owner, { templateId });
  await campaignRepository.schedule(owner, id, "2999-01-01T00:00:00Z");
  return id;
}

const due = (id: string) =>
  sql`UPDATE campaigns SET "scheduledAt" = now() - interval '1 second' WHERE "id" = ${id}`;
const statusOf = async (id: string) => (await campaignRepository.get(owner, id)).status;
const alertsOf = async () =>
  (await alertRepository.listOpen(owner)).map(({ key, count }) => `${key.split(":")[0]} ${count}`).toSorted();

describe("what WhatsApp's list says of a template has the effect of a report", () => {
  test.each([
    ["nothing new", {}, "processing", []],
    ["paused", { status: "PAUSED" }, "paused", ["campaign 1", "template 1"]],
    ["disabled", { status: "DISABLED" }, "paused", ["campaign 1", "template 1"]],
    ["rejected", { status: "REJECTED", rejected_reason: "SCAM" }, "paused", ["campaign 1"]],
    ["of another category", { category: "MARKETING" }, "paused", ["campaign 1", "template 1"]],
    ["gone", null, "paused", ["campaign 1"]],
  ])("%s", async (_, changes, status, alerts) => {
    const [own, other] = [await sending(), await sending(null)];

    for (const _ of [1, 2]) await sync(changes);

    expect([await statusOf(own), await statusOf(other)]).toEqual([status, "processing"]);
    expect(await alertsOf()).toEqual(alerts);
  });

  test("and its alert is over when the list says so", async () => {
    await sync({ status: "PAUSED" });
    expect(await alertsOf()).toEqual(["template 1"]);

    await sync({});

    expect(await alertsOf()).toEqual([]);
  });

  test("to its own account only", async () => {
    const stranger = await createUser();
    const { id } = await createCampaign(stranger, {
      templateId: (await createTemplate(stranger, { category: "utility" })).id,
    });
    await campaignRepository.schedule(stranger, id, "2999-01-01T00:00:00Z");
    await sql`UPDATE templates SET category = 'marketing' WHERE "userId" = ${stranger}`;

    await sync({ category: "MARKETING" });

    expect(await campaignRepository.get(stranger, id)).toMatchObject({ status: "scheduled" });
  });
});

describe("a scheduled campaign", () => {
  test("is held when the list has another category for its template", async () => {
    const id = await scheduled();

    await sync({ category: "MARKETING" });
    await due(id);

    expect(await startDueCampaign(owner, id)).toBe(false);
    expect(await statusOf(id)).toBe("paused");
    expect(await campaignRepository.start(owner, id, { onlyIfDue: false })).toBe(true);
    await sync({ category: "MARKETING" });
    expect(await statusOf(id)).toBe("processing");
  });

  test("is held at its hour when nobody noticed before, and told once", async () => {
    const id = await scheduled();
    await due(id);
    await sql`UPDATE templates SET category = 'marketing' WHERE "id" = ${templateId}`;

    const started = await Promise.all(Array.from({ length: 5 }, () => startDueCampaign(owner, id)));

    expect(started).toEqual(Array(5).fill(false));
    expect(await campaignRepository.get(owner, id)).toMatchObject({
      ...{ status: "paused", startedAt: null },
      pauseReason:
        "Meta has made the template spring_sale marketing. What was estimated no longer holds: check the cost, then send it or schedule it again.",
    });
    expect(await alertsOf()).toEqual(["campaign 1"]);
  });

  test("starts at its hour when nothing changed, or when it was scheduled again since", async () => {
    const [same, again] = [await scheduled(), await scheduled()];
    await campaignRepository.move(owner, again, "draft");
    await sql`UPDATE templates SET category = 'marketing' WHERE "id" = ${templateId}`;
    await campaignRepository.schedule(owner, again, "2999-01-01T00:00:00Z");
    await sql`UPDATE templates SET category = 'utility' WHERE "id" = ${templateId}`;
    await due(same);
    expect(await startDueCampaign(owner, same)).toBe(true);

    await sql`UPDATE templates SET category = 'marketing' WHERE "id" = ${templateId}`;
    await due(again);
    expect(await startDueCampaign(owner, again)).toBe(true);
  });
});

describe("of two reports the newer by Meta's clock stands, whichever comes first:", () => {
  const named = {
    message_template_id: 111,
    message_template_name: "spring_sale",
    message_template_language: "en_US",
  };

  test.each([
    ["quality", "quality_update", { new_quality_score: "RED" }, { new_quality_score: "GREEN" }],
    ["state", "status_update", { event: "FLAGGED" }, { event: "REINSTATED" }],
    [
      "texts",
      "components_update",
      { message_template_element: "Hi {{1}}, everything is 10% off." },
      { message_template_element: "Hi {{1}}, everything is 30% off." },
    ],
  ])("%s", async (_, field, before, since) => {
    const report = async (value: object, time: number) => {
      const changes = [{ field: `message_template_${field}`, value: { ...named, ...value } }];
      for (const change of changesOf({ entry: [{ id: "1", time, changes }] }))
        await applyTemplateReport(owner, change);
    };
    const stands = async () => {
      const { quality, status, components } = await templateRepository.get(owner, templateId);
      return { quality, status, components, alerts: await alertsOf() };
    };
    await report(before, 1763800000);
    await report(since, 1763800100);
    const newest = await stands();
    expect(newest.alerts).toEqual([]);

    await report(before, 1763800000);

    expect(await stands()).toEqual(newest);
  });
});

test("who resumes at the new price is not asked again", async () => {
  const id = await sending();
  await sync({ category: "MARKETING" });

  expect(await campaignRepository.move(owner, id, "processing")).toBe(true);
  await sync({ category: "MARKETING" });
  expect(await statusOf(id)).toBe("processing");

  await sync({ category: "UTILITY" });
  expect(await statusOf(id)).toBe("paused");
});
