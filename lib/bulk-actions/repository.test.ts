import { describe, expect, test } from "vitest";
import { bulkActionRepository } from "@/lib/bulk-actions/repository";
import type { BulkActionInput } from "@/lib/bulk-actions/schema";
import { consentRepository } from "@/lib/consent/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { db, sql } from "@/lib/db";
import type { BulkActionKind } from "@/lib/db/generated/enums";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createContact, createMessage, createUser } from "@/lib/testing/factories";

async function run(userId: UserId, input: Partial<BulkActionInput> & { kind: BulkActionKind }) {
  const { id } = await bulkActionRepository.create(userId, { tags: [], selection: { filter: [] }, ...input });
  while (await bulkActionRepository.proceed(userId, id));
  return bulkActionRepository.get(userId, id);
}

const tagsOf = async (userId: UserId) =>
  (await db.contact.findMany({ where: { userId }, select: { tags: true }, orderBy: { id: "asc" } })).map(
    ({ tags }) => tags,
  );

describe("a bulk action", () => {
  test("tags whoever lacks the tag, however it is spelt, and has room for it", async () => {
    const userId = await createUser();
    const full = Array.from({ length: 50 }, (_, index) => `t${index}`);
    for (const tags of [[], ["vip", "b"], full]) await createContact(userId, { tags });

    expect(await run(userId, { kind: "tag", tags: ["VIP", "new"] })).toMatchObject({
      ...{ status: "completed", totalCount: 3, processedCount: 3, changedCount: 2 },
    });

    expect(await tagsOf(userId)).toEqual([["VIP", "new"], ["vip", "b", "new"], full]);
    expect(await run(userId, { kind: "untag", tags: ["Vip"] })).toMatchObject({ changedCount: 2 });
    expect(await tagsOf(userId)).toEqual([["new"], ["b", "new"], full]);
  });

  test("reaches those whom the filter meant when it began, whatever it changes", async () => {
    const userId = await createUser();
    await createContact(userId, { tags: ["a"] });
    await createContact(userId, { tags: ["b"] });
    const selection = { filter: [{ field: "tags" as const, match: "any" as const, tags: ["a"] }] };
    const { id, totalCount } = await bulkActionRepository.create(userId, {
      kind: "block",
      tags: [],
      selection,
    });
    await createContact(userId, { tags: ["a"] });
    await sql`UPDATE contacts SET tags = '{}' WHERE "userId" = ${userId}`;

    await bulkActionRepository.proceed(userId, id);

    expect(totalCount).toBe(1);
    expect(await db.contact.count({ where: { userId, isBlocked: true } })).toBe(1);
    expect(await run(userId, { kind: "unblock" })).toMatchObject({ totalCount: 3, changedCount: 1 });
  });

  test("opts out as the opt-out of one person does", async () => {
    const userId = await createUser();
    const { id: campaignId } = await createCampaign(userId, { status: "processing" });
    const one = await createContact(userId);
    await createMessage(userId, campaignId, one.id);
    await createContact(userId, { optedIn: false, optedInAt: null });
    await createContact(userId, { optedIn: false, optedOutAt: new Date("2026-01-01") });

    expect(await run(userId, { kind: "opt_out" })).toMatchObject({ totalCount: 3, changedCount: 2 });

    expect(await contactRepository.countByConsent(userId)).toMatchObject({ optedOut: 3 });
    expect(await db.suppression.count({ where: { userId } })).toBe(2);
    expect(
      await db.consentEvent.findMany({
        where: { userId },
        select: { action: true, source: true, wording: true, actor: true },
      }),
    ).toEqual(
      Array(2).fill({
        ...{ action: "opt_out", source: "manual", wording: "Opted out together with others", actor: userId },
      }),
    );
    expect(await db.message.findMany({ where: { userId }, select: { status: true } })).toEqual([
      { status: "skipped" },
    ]);
  });

  test("opts those out for good who had only said so in WhatsApp's settings", async () => {
    const userId = await createUser();
    const { id } = await createContact(userId);
    await consentRepository.set(userId, id, { action: "opt_out", source: "whatsapp_settings" });

    expect(await run(userId, { kind: "opt_out" })).toMatchObject({ totalCount: 1, changedCount: 1 });

    expect(await consentRepository.resume(userId, id, { at: new Date(Date.now() + 60_000) })).toBe(false);
    expect(await contactRepository.get(userId, id)).toMatchObject({ optedIn: false });
    expect(await run(userId, { kind: "opt_out" })).toMatchObject({ changedCount: 0 });
  });

  test("deletes as the deletion of one person does", async () => {
    const userId = await createUser();
    const { id: campaignId } = await createCampaign(userId, { status: "completed" });
    const one = await createContact(userId, { optedIn: false, optedOutAt: new Date() });
    await createMessage(userId, campaignId, one.id, { status: "sent" });
    await createContact(userId);

    expect(await run(userId, { kind: "delete" })).toMatchObject({ totalCount: 2, changedCount: 2 });

    expect(await db.contact.findMany({ where: { userId }, select: { id: true, phone: true } })).toEqual([
      { id: one.id, phone: null },
    ]);
    expect(await db.message.findMany({ where: { userId }, select: { content: true } })).toEqual([
      { content: {} },
    ]);
    expect(await db.suppression.count({ where: { userId } })).toBe(1);
  });

  test("goes on a thousand at a time, and stops when it is canceled", async () => {
    const userId = await createUser();
    await sql`INSERT INTO contacts ("userId", phone)
      SELECT ${userId}, '+9198' || (10000000 + n) FROM generate_series(1, 2500) AS n`;
    const { id } = await bulkActionRepository.create(userId, {
      ...{ kind: "tag", tags: ["a"], selection: { filter: [] } },
    });

    expect(await bulkActionRepository.proceed(userId, id)).toBe(true);
    expect(await bulkActionRepository.listRunning(userId)).toMatchObject([{ id, processedCount: 1000 }]);
    await expect(bulkActionRepository.cancel(await createUser(), id)).rejects.toThrow("not found");
    await bulkActionRepository.cancel(userId, id);
    await bulkActionRepository.cancel(userId, id);

    expect(await bulkActionRepository.proceed(userId, id)).toBe(false);
    expect(await bulkActionRepository.get(userId, id)).toMatchObject({
      status: "canceled",
      processedCount: 1000,
    });
    expect(await db.contact.count({ where: { userId, tags: { has: "a" } } })).toBe(1000);
    expect(await bulkActionRepository.listRunning(userId)).toEqual([]);
  });

  test("run by several at once does everybody once", async () => {
    const userId = await createUser();
    await sql`INSERT INTO contacts ("userId", phone)
      SELECT ${userId}, '+9198' || (10000000 + n) FROM generate_series(1, 2500) AS n`;
    const { id } = await bulkActionRepository.create(userId, {
      ...{ kind: "tag", tags: ["a"], selection: { filter: [] } },
    });

    await Promise.all(
      [1, 2].map(async () => {
        while (await bulkActionRepository.proceed(userId, id));
      }),
    );

    expect(await bulkActionRepository.get(userId, id)).toMatchObject({
      ...{ status: "completed", processedCount: 2500, changedCount: 2500 },
    });
  });
});
