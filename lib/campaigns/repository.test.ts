import { describe, expect, test } from "vitest";
import { audienceRepository } from "@/lib/audiences/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import type { Condition, Filter } from "@/lib/contact-filters/schema";
import { db, sql, transaction } from "@/lib/db";
import type { CampaignStatus } from "@/lib/db/generated/enums";
import { messageRepository } from "@/lib/messages/repository";
import { lost } from "@/lib/messages/settlement";
import { segmentRepository } from "@/lib/segments/repository";
import {
  claimMessages,
  createCampaign,
  createContact,
  createMessage,
  createTemplate,
  createUser,
} from "@/lib/testing/factories";
import { somebodyWaits } from "@/lib/testing/waiting";

const everybody = { tags: [], match: "any", excludeTags: [] } as const;
const inPune: Condition = { field: "custom", key: "City", match: "equals", value: "Pune" };
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

const frozenFor = async (people: number) => {
  const owner = await createUser();
  for (let person = 0; person < people; person++) await createContact(owner);
  const { id } = await createCampaign(owner, { messageContent: { parameters: ["x"] }, audience: everybody });
  await campaignRepository.start(owner, id, { onlyIfDue: false });
  await audienceRepository.freeze(owner, id);
  return { owner, id };
};

describe("campaignRepository", () => {
  test("creates what the specification's example creates", async () => {
    const owner = await createUser();
    const template = await createTemplate(owner);

    const campaign = await campaignRepository.create({
      userId: owner,
      name: "Spring Sale",
      templateId: template.id,
      messageType: "template",
      messageContent: { parameters: ["Customer"] },
      status: "draft",
      totalRecipients: 100,
    });

    expect(campaign).toMatchObject({ name: "Spring Sale", status: "draft", totalRecipients: 100 });
  });

  test("cannot point to another tenant's template", async () => {
    const [owner, stranger] = await Promise.all([createUser(), createUser()]);
    const foreign = await createTemplate(stranger);

    await expect(createCampaign(owner, { templateId: foreign.id })).rejects.toMatchObject({ code: "P2003" });
  });

  test("is started by exactly one of many callers", async () => {
    const owner = await createUser();
    const { id } = await createCampaign(owner);

    const started = await Promise.all(
      Array.from({ length: 50 }, () => campaignRepository.start(owner, id, { onlyIfDue: false })),
    );

    expect(started.filter(Boolean)).toHaveLength(1);
  });

  test("does not start with a template that is not approved", async () => {
    const owner = await createUser();
    const template = await createTemplate(owner, { status: "pending" });
    const { id } = await createCampaign(owner, { templateId: template.id });

    expect(await campaignRepository.start(owner, id, { onlyIfDue: false })).toBe(false);
  });

  test("freezes a text as it is, without a template, when its hour has come", async () => {
    const owner = await createUser();
    await createContact(owner, { name: "Zoë de Vries" });
    const media = { mediaId: "1", kind: "document", fileName: "menu.pdf" };
    const { id } = await db.campaign.create({
      data: {
        userId: owner,
        name: "A text",
        messageType: "text",
        messageContent: { text: 'Hi {{1}}, "you"', parameters: ["Zoë"], media },
        ...{ status: "scheduled", scheduledAt: new Date(Date.now() - 1000) },
      },
    });

    expect(await campaignRepository.settleUnapproved(owner, id)).toBeNull();
    expect(await campaignRepository.start(owner, id, { onlyIfDue: true })).toBe(true);

    expect((await campaignRepository.get(owner, id)).templateSnapshot).toEqual({
      components: [{ type: "BODY", text: 'Hi {{1}}, "you"' }],
      media,
    });
  });

  test("is not started before its hour, and neither scheduled for a moment that has passed", async () => {
    const owner = await createUser();
    const { id } = await createCampaign(owner);

    expect(await campaignRepository.schedule(owner, id, "2020-01-01T00:00:00Z")).toBe(false);
    expect(await campaignRepository.schedule(owner, id, "2999-01-01T00:00:00Z")).toBe(true);
    expect(await campaignRepository.start(owner, id, { onlyIfDue: true })).toBe(false);
    await sql`UPDATE campaigns SET "scheduledAt" = now() - interval '1 second' WHERE "id" = ${id}`;
    expect(await campaignRepository.start(owner, id, { onlyIfDue: true })).toBe(true);
  });

  describe("to a segment", () => {
    async function toSegment(status: CampaignStatus = "draft") {
      const owner = await createUser();
      const [pune] = [await createContact(owner, { metadata: { City: "Pune" } }), await createContact(owner)];
      const { id: segmentId } = await segmentRepository.create(owner, { name: "Pune", filter: [inPune] });
      const { id } = await createCampaign(owner, { audience: { segmentId }, status });
      const recipients = async () =>
        (await db.message.findMany({ where: { userId: owner, campaignId: id } })).map(
          ({ contactId }) => contactId,
        );
      return { owner, id, segmentId, pune, recipients };
    }

    test("goes to whoever belongs to it when sending starts", async () => {
      const { owner, id, pune, recipients } = await toSegment();
      const later = await createContact(owner, { metadata: { City: "Pune" } });
      await sql`UPDATE contacts SET metadata = '{}' WHERE "userId" = ${owner} AND id = ${pune.id}`;

      await campaignRepository.start(owner, id, { onlyIfDue: false });
      await audienceRepository.freeze(owner, id);

      expect(await recipients()).toEqual([later.id]);
    });

    test("keeps the conditions of when it was scheduled, whatever becomes of the segment", async () => {
      const { owner, id, segmentId, pune, recipients } = await toSegment();
      expect(await campaignRepository.schedule(owner, id, inAnHour())).toBe(true);
      await segmentRepository.update(owner, segmentId, { name: "Everybody", filter: [] });
      await segmentRepository.remove(owner, segmentId);
      await sql`UPDATE campaigns SET "scheduledAt" = now() - interval '1 second' WHERE "userId" = ${owner} AND id = ${id}`;

      expect(await campaignRepository.start(owner, id, { onlyIfDue: true })).toBe(true);
      expect(await audienceRepository.freeze(owner, id)).toBe(1);

      expect(await recipients()).toEqual([pune.id]);
      expect((await campaignRepository.get(owner, id)).audience).toMatchObject({
        segment: { name: "Pune", filter: [inPune] },
      });
    });

    test("looks it up again once it was taken back", async () => {
      const { owner, id, segmentId } = await toSegment();
      await campaignRepository.schedule(owner, id, inAnHour());
      const filter: Filter = [{ field: "custom", key: "City", match: "missing", value: "" }];
      await segmentRepository.update(owner, segmentId, { name: "Elsewhere", filter });

      await campaignRepository.move(owner, id, "draft");
      await campaignRepository.schedule(owner, id, inAnHour());

      expect((await campaignRepository.get(owner, id)).audience).toMatchObject({
        segment: { name: "Elsewhere", filter },
      });
    });

    test("that was deleted is neither scheduled nor started, and never means everybody", async () => {
      const { owner, id, segmentId } = await toSegment();
      await segmentRepository.remove(owner, segmentId);

      expect(await campaignRepository.schedule(owner, id, inAnHour())).toBe(false);
      expect(await campaignRepository.start(owner, id, { onlyIfDue: false })).toBe(false);

      const unnoticed = await toSegment("processing");
      expect(await audienceRepository.freeze(unnoticed.owner, unnoticed.id)).toBe(0);
      expect(await unnoticed.recipients()).toEqual([]);
    });

    test("of another account is none", async () => {
      const { segmentId } = await toSegment();
      const owner = await createUser();
      await createContact(owner, { metadata: { City: "Pune" } });
      const { id } = await createCampaign(owner, { audience: { segmentId } });

      expect(await campaignRepository.start(owner, id, { onlyIfDue: false })).toBe(false);
      expect(await campaignRepository.schedule(owner, id, inAnHour())).toBe(false);
    });
  });

  test("cancels for good and skips whoever was not sent the message", async () => {
    const { owner, id } = await frozenFor(3);
    await claimMessages(owner, id, 1);

    expect(await campaignRepository.cancel(owner, id)).toBe(true);

    expect(await messageRepository.countByStatus(owner, id)).toMatchObject({
      sending: 1,
      skipped: 2,
      queued: 0,
    });
    expect(await campaignRepository.move(owner, id, "processing")).toBe(false);
  });

  test("is finished when nothing is queued or on its way", async () => {
    const { owner, id } = await frozenFor(1);

    await campaignRepository.finishAll(owner);
    expect(await campaignRepository.get(owner, id)).toMatchObject({ status: "processing" });
    const [message] = await claimMessages(owner, id, 1);
    await campaignRepository.finishAll(owner);
    expect(await campaignRepository.get(owner, id)).toMatchObject({ status: "processing" });
    await messageRepository.settle(owner, message ? [lost(message)] : []);
    await campaignRepository.finishAll(owner);
    expect(await campaignRepository.get(owner, id)).toMatchObject({ status: "completed" });
  });

  test("pages through its list without gaps or repetitions", async () => {
    const owner = await createUser();
    const template = await createTemplate(owner);
    for (let index = 0; index < 60; index++) await createCampaign(owner, { templateId: template.id });

    const first = await campaignRepository.list(owner);
    const second = await campaignRepository.list(owner, { cursor: first.nextCursor ?? "" });

    expect(second.nextCursor).toBeNull();
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(60);
  });
});

describe("messages whose answer was lost, queued again by the owner", () => {
  async function withUnknown() {
    const owner = await createUser();
    const { id } = await createCampaign(owner, { status: "processing", frozenAt: new Date() });
    const contact = await createContact(owner);
    const message = await createMessage(owner, id, contact.id, { status: "unknown" });
    return { owner, id, messageId: message.id };
  }

  test("leave the queue when WhatsApp reports that it had them", async () => {
    const { owner, id, messageId } = await withUnknown();
    expect(await campaignRepository.requeueUnknown(owner, id)).toBe(1);

    await messageRepository.record(owner, [
      {
        messageId,
        whatsappMessageId: null,
        state: "sent",
        at: null,
        attempt: null,
        errorCode: null,
        errorMessage: null,
        category: null,
        pricingType: null,
      },
    ]);

    expect(await claimMessages(owner, id, 10)).toEqual([]);
    expect(await messageRepository.countByStatus(owner, id)).toMatchObject({ sent: 1, queued: 0 });
  });

  test("keep a campaign from being ended at the same moment", async () => {
    const { owner, id } = await withUnknown();
    let ended: Promise<void> | undefined;

    await transaction(async (sql) => {
      await sql`UPDATE campaigns SET "updatedAt" = now() WHERE "userId" = ${owner} AND "id" = ${id}`;
      await sql`UPDATE messages SET "status" = 'queued', "notBefore" = now() - interval '1 second' WHERE "userId" = ${owner} AND "campaignId" = ${id}`;
      ended = campaignRepository.finishAll(owner);
      await somebodyWaits(sql);
    });
    await ended;

    expect(await campaignRepository.get(owner, id)).toMatchObject({ status: "processing" });
  });

  test("wait for a report that is being applied, instead of standing in its way", async () => {
    const { owner, id, messageId } = await withUnknown();
    let requeued: Promise<number> | undefined;

    await transaction(async (sql) => {
      await sql`UPDATE messages SET "status" = 'sent' WHERE "userId" = ${owner} AND "id" = ${messageId}`;
      requeued = campaignRepository.requeueUnknown(owner, id);
      await somebodyWaits(sql);
      await sql`UPDATE campaigns SET "sentCount" = 1 WHERE "userId" = ${owner} AND "id" = ${id}`;
    });

    expect(await requeued).toBe(0);
    expect(await campaignRepository.get(owner, id)).toMatchObject({ status: "processing", sentCount: 1 });
  });
});
