import { beforeEach, describe, expect, it } from "vitest";
import { sql } from "@/lib/db";
import type { TemplateStatus } from "@/lib/db/generated/enums";
import { templateRepository } from "@/lib/templates/repository";
import { type CreateTemplate, metaTemplateSchema } from "@/lib/templates/schema";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createTemplate, createUser } from "@/lib/testing/factories";

const input: CreateTemplate = {
  name: "spring_sale",
  language: "en_US",
  category: "marketing",
  components: [{ type: "BODY", text: "Our spring sale starts on Friday." }],
};

const statuses: TemplateStatus[] = ["draft", "pending", "approved", "rejected", "paused", "disabled"];

/** As if nothing had happened to it for two minutes. */
const age = (id: string) =>
  sql`UPDATE templates SET "updatedAt" = now() - interval '2 minutes' WHERE id = ${id}`;

const ofMeta = (changes: object) =>
  metaTemplateSchema.parse({
    id: "111",
    name: "spring_sale",
    language: "en_US",
    status: "APPROVED",
    category: "MARKETING",
    components: [{ type: "BODY", text: "From Meta." }],
    rejected_reason: "NONE",
    ...changes,
  });

let userId: UserId;
let stranger: UserId;

beforeEach(async () => {
  [userId, stranger] = await Promise.all([createUser(), createUser()]);
});

describe("create", () => {
  it("makes a draft", async () => {
    const template = await templateRepository.create(userId, input);
    expect(template).toMatchObject({ ...input, status: "draft", whatsappTemplateId: null, approvedAt: null });
  });

  it("says at the name that it is taken, but not by a stranger", async () => {
    await templateRepository.create(stranger, input);
    await templateRepository.create(userId, input);
    await expect(templateRepository.create(userId, input)).rejects.toMatchObject({
      code: "CONFLICT",
      fields: { name: [expect.stringContaining("already")] },
    });
  });
});

describe("what a stranger gets", () => {
  it("is nothing", async () => {
    const { id, whatsappTemplateId } = await createTemplate(userId, {
      status: "draft",
      whatsappTemplateId: "77",
    });
    expect(await templateRepository.find(stranger, id)).toBeNull();
    await expect(templateRepository.get(stranger, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(templateRepository.update(stranger, id, { name: "mine" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(templateRepository.remove(stranger, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await templateRepository.claimForSubmission(stranger, id)).toBeNull();
    expect(
      await templateRepository.applyStatus(stranger, { whatsappTemplateId: "77", status: "APPROVED" }),
    ).toBe(false);
    await templateRepository.release(stranger, id, "rejected");
    await templateRepository.markSubmitted(stranger, id, { whatsappTemplateId: "88", category: null });
    await templateRepository.settleMissing(stranger, []);
    expect((await templateRepository.list(stranger)).items).toEqual([]);
    expect(await templateRepository.listApproved(stranger)).toEqual([]);
    expect(await templateRepository.countByStatus(stranger)).toEqual({});
    expect(await templateRepository.get(userId, id)).toMatchObject({ status: "draft", whatsappTemplateId });
  });
});

describe("list", () => {
  it("pages from the newest, and by status", async () => {
    for (let index = 0; index < 51; index++)
      await createTemplate(userId, { name: `t_${index}`, status: "draft" });
    await createTemplate(userId, { name: "approved_one" });
    const first = await templateRepository.list(userId);
    expect(first.items).toHaveLength(50);
    expect(first.items[0]?.name).toBe("approved_one");
    const second = await templateRepository.list(userId, { cursor: first.nextCursor ?? "" });
    expect(second).toMatchObject({ items: [{ name: "t_1" }, { name: "t_0" }], nextCursor: null });
    expect((await templateRepository.list(userId, { status: "approved" })).items).toHaveLength(1);
    expect(await templateRepository.countByStatus(userId)).toEqual({ draft: 51, approved: 1 });
  });
});

describe("update", () => {
  it.each(statuses)("of a template that is %s", async (status) => {
    const { id } = await createTemplate(userId, { status, whatsappTemplateId: null });
    const update = templateRepository.update(userId, id, { name: "renamed", category: "utility" });
    if (status === "draft" || status === "rejected") {
      expect(await update).toMatchObject({ name: "renamed", category: "utility", status });
    } else await expect(update).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("keeps the name and language that Meta knows", async () => {
    const { id, name } = await createTemplate(userId, { status: "rejected" });
    await expect(templateRepository.update(userId, id, { name: "renamed" })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    await expect(templateRepository.update(userId, id, { language: "de" })).rejects.toMatchObject({
      code: "CONFLICT",
    });
    expect(await templateRepository.update(userId, id, { name, category: "utility" })).toMatchObject({
      category: "utility",
    });
    expect(await templateRepository.update(userId, id, { category: "marketing" })).toMatchObject({
      category: "marketing",
    });
  });
});

describe("claimForSubmission", () => {
  it("has one winner", async () => {
    const { id } = await createTemplate(userId, { status: "rejected" });
    const claims = await Promise.all(
      [1, 2, 3, 4].map(() => templateRepository.claimForSubmission(userId, id)),
    );
    expect(claims.filter(Boolean)).toEqual([{ previousStatus: "rejected" }]);
    expect(await templateRepository.get(userId, id)).toMatchObject({ status: "pending" });
  });

  it("is undone only while Meta has not spoken", async () => {
    const { id, whatsappTemplateId } = await createTemplate(userId, { status: "draft" });
    await templateRepository.claimForSubmission(userId, id);
    await templateRepository.applyStatus(userId, {
      whatsappTemplateId: whatsappTemplateId ?? "",
      status: "APPROVED",
    });
    await templateRepository.release(userId, id, "draft");
    expect(await templateRepository.get(userId, id)).toMatchObject({ status: "approved" });
  });
});

describe("applyStatus", () => {
  it.each([
    ["APPROVED", "NONE", "approved", null],
    ["REJECTED", "SCAM", "rejected", expect.stringContaining("fraud")],
    ["PAUSED", null, "paused", expect.any(String)],
    ["DELETED", null, "disabled", expect.any(String)],
    ["PENDING", null, "pending", null],
    ["NEW_WORD", null, "pending", null],
  ])("%s (%s)", async (status, reason, expected, rejectionReason) => {
    const { id } = await createTemplate(userId, { status: "pending", whatsappTemplateId: "5" });
    await templateRepository.applyStatus(userId, { whatsappTemplateId: "5", status, reason });
    expect(await templateRepository.get(userId, id)).toMatchObject({ status: expected, rejectionReason });
  });

  it("finds by name what Meta's answer has not numbered yet, but never a draft", async () => {
    const { id } = await createTemplate(userId, {
      name: "early",
      language: "pt_BR",
      status: "pending",
      whatsappTemplateId: null,
    });
    const draft = await createTemplate(userId, { name: "draft", status: "draft", whatsappTemplateId: null });
    const report = { status: "APPROVED", reason: "NONE" };
    expect(
      await templateRepository.applyStatus(userId, {
        ...report,
        whatsappTemplateId: "9",
        name: "early",
        language: "en",
      }),
    ).toBe(false);
    expect(
      await templateRepository.applyStatus(userId, {
        ...report,
        whatsappTemplateId: "9",
        name: "early",
        language: "pt-BR",
      }),
    ).toBe(true);
    expect(
      await templateRepository.applyStatus(userId, {
        ...report,
        whatsappTemplateId: "8",
        name: "draft",
        language: "en_US",
      }),
    ).toBe(false);
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "approved",
      whatsappTemplateId: "9",
    });
    expect(await templateRepository.get(userId, draft.id)).toMatchObject({
      status: "draft",
      whatsappTemplateId: null,
    });
  });

  it("remembers the first approval and does nothing twice", async () => {
    const { id } = await createTemplate(userId, { status: "pending", whatsappTemplateId: "5" });
    const report = { whatsappTemplateId: "5", status: "APPROVED" };
    expect(await templateRepository.applyStatus(userId, report)).toBe(true);
    const { approvedAt } = await templateRepository.get(userId, id);
    expect(approvedAt).toBeInstanceOf(Date);
    expect(await templateRepository.applyStatus(userId, report)).toBe(false);
    await templateRepository.applyStatus(userId, { ...report, status: "PAUSED" });
    await templateRepository.applyStatus(userId, { ...report, status: "REINSTATED" });
    expect(await templateRepository.get(userId, id)).toMatchObject({ approvedAt, status: "approved" });
  });

  it("keeps a verdict that came before the answer to the submission", async () => {
    const { id, name } = await createTemplate(userId, { status: "pending", whatsappTemplateId: null });
    await templateRepository.applyStatus(userId, {
      whatsappTemplateId: "5",
      name,
      language: "en_US",
      status: "REJECTED",
      reason: "SCAM",
    });
    await templateRepository.markSubmitted(userId, id, { whatsappTemplateId: "5", category: "utility" });
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "rejected",
      category: "utility",
      rejectionReason: expect.stringContaining("SCAM"),
    });
  });
});

describe("upsertFromMeta", () => {
  it("imports, whatever the components are", async () => {
    const components = [{ type: "HOLOGRAM", beams: 3 }, "noise", null];
    expect(await templateRepository.upsertFromMeta(userId, ofMeta({ components, category: "NEW" }))).toBe(
      "skipped",
    );
    expect(await templateRepository.upsertFromMeta(userId, ofMeta({ components }))).toBe("imported");
    const [row] = await sql<{
      components: unknown;
    }>`SELECT components FROM templates WHERE "userId" = ${userId}`;
    expect(row?.components).toEqual(components);
    expect((await templateRepository.listApproved(userId))[0]).toMatchObject({
      name: "spring_sale",
      approvedAt: expect.any(Date),
      components: [{ type: "HOLOGRAM", beams: 3 }],
    });
  });

  it("updates status, category, reason and text, once", async () => {
    const { id } = await createTemplate(userId, {
      name: "spring_sale",
      status: "approved",
      whatsappTemplateId: "111",
    });
    const paused = ofMeta({ status: "PAUSED", category: "UTILITY" });
    expect(await templateRepository.upsertFromMeta(userId, paused)).toBe("updated");
    expect(await templateRepository.upsertFromMeta(userId, paused)).toBe("unchanged");
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "paused",
      category: "utility",
      components: [{ type: "BODY", text: "From Meta." }],
      rejectionReason: expect.any(String),
    });
  });

  it("leaves a draft of the same name and other languages alone", async () => {
    const { id } = await templateRepository.create(userId, input);
    expect(await templateRepository.upsertFromMeta(userId, ofMeta({}))).toBe("skipped");
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "draft",
      whatsappTemplateId: null,
    });
    await createTemplate(userId, { name: "winter_sale", language: "de", whatsappTemplateId: "222" });
    expect(await templateRepository.upsertFromMeta(userId, ofMeta({ id: "333", name: "winter_sale" }))).toBe(
      "skipped",
    );
  });

  it("does not overwrite what was changed after a rejection", async () => {
    const { id } = await createTemplate(userId, {
      status: "rejected",
      whatsappTemplateId: "111",
      components: input.components,
    });
    await templateRepository.upsertFromMeta(userId, ofMeta({ status: "REJECTED", rejected_reason: "SCAM" }));
    expect(await templateRepository.get(userId, id)).toMatchObject({ components: input.components });
  });

  it("recognises one whose number was never learned", async () => {
    const { id } = await createTemplate(userId, {
      name: "spring_sale",
      status: "pending",
      whatsappTemplateId: null,
    });
    expect(await templateRepository.upsertFromMeta(userId, ofMeta({}))).toBe("updated");
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "approved",
      whatsappTemplateId: "111",
    });
  });
});

describe("settleMissing", () => {
  it("disables what is gone, reopens what never arrived, and leaves the rest", async () => {
    const gone = await createTemplate(userId, { whatsappTemplateId: "1" });
    const seen = await createTemplate(userId, { whatsappTemplateId: "2" });
    const lost = await createTemplate(userId, { status: "pending", whatsappTemplateId: null });
    const draft = await createTemplate(userId, { status: "draft", whatsappTemplateId: null });
    await Promise.all([gone, seen, lost, draft].map(({ id }) => age(id)));
    const fresh = await createTemplate(userId, { status: "pending", whatsappTemplateId: "3" });
    expect(await templateRepository.settleMissing(userId, ["2"])).toBe(2);
    const statusOf = async ({ id }: { id: string }) => (await templateRepository.get(userId, id)).status;
    expect(await Promise.all([gone, seen, lost, draft, fresh].map(statusOf))).toEqual([
      "disabled",
      "approved",
      "draft",
      "draft",
      "pending",
    ]);
  });
});

describe("remove", () => {
  it.each(["draft", "scheduled", "processing", "paused"] as const)(
    "is refused while a campaign is %s",
    async (status) => {
      const { id } = await createTemplate(userId);
      await createCampaign(userId, { templateId: id, status, name: "Spring" });
      const refusal = { code: "CONFLICT", message: expect.stringContaining("“Spring”") };
      await expect(templateRepository.remove(userId, id)).rejects.toMatchObject(refusal);
      await expect(templateRepository.assertRemovable(userId, id)).rejects.toMatchObject(refusal);
      expect(await templateRepository.find(userId, id)).not.toBeNull();
    },
  );

  it("leaves finished campaigns with their snapshot", async () => {
    const { id } = await createTemplate(userId);
    const snapshot = { name: "spring_sale" };
    const campaign = await createCampaign(userId, {
      templateId: id,
      status: "completed",
      templateSnapshot: snapshot,
    });
    await templateRepository.assertRemovable(userId, id);
    await templateRepository.remove(userId, id);
    expect(await templateRepository.find(userId, id)).toBeNull();
    const rows = await sql`SELECT "templateId", "templateSnapshot" FROM campaigns WHERE id = ${campaign.id}`;
    expect(rows).toEqual([{ templateId: null, templateSnapshot: snapshot }]);
  });
});

describe("findPendingOfAllTenants", () => {
  it("finds who has waited for more than a minute", async () => {
    const waiting = await createTemplate(userId, { status: "pending" });
    await createTemplate(userId, { status: "pending" });
    await createTemplate(stranger, { status: "pending" });
    await age(waiting.id);
    const found = await templateRepository.findPendingOfAllTenants();
    expect(found.filter((id) => id === userId)).toHaveLength(1);
    expect(found).not.toContain(stranger);
  });
});
