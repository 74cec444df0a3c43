import { beforeEach, expect, test } from "vitest";
import { counterRepository } from "@/lib/counters/repository";
import { db, transaction } from "@/lib/db";
import { messageRepository } from "@/lib/messages/repository";
import type { Receipt } from "@/lib/messages/status";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createContact, createMessage, createUser } from "@/lib/testing/factories";
import { somebodyWaits } from "@/lib/testing/waiting";

const zero = { sentCount: 0, deliveredCount: 0, readCount: 0, failedCount: 0 };
const right = { sentCount: 3, deliveredCount: 2, readCount: 1, failedCount: 1 };
const now = new Date();

const receipt = (messageId: string, state: "delivered" | "read"): Receipt => ({
  ...{ messageId, whatsappMessageId: null, state, at: null, attempt: null },
  ...{ errorCode: null, errorMessage: null, category: null, pricingType: null },
});

let userId: UserId;

beforeEach(async () => {
  userId = await createUser();
});

/** Four messages: read, delivered, sent, failed. */
async function finished(counters: typeof right) {
  const { id } = await createCampaign(userId, { status: "completed", ...counters });
  const messages = [
    { status: "read", sentAt: now, deliveredAt: now, readAt: now },
    { status: "delivered", sentAt: now, deliveredAt: now },
    { status: "sent", sentAt: now },
    { status: "failed", failedAt: now },
  ] as const;
  for (const message of messages) await createMessage(userId, id, (await createContact(userId)).id, message);
  return id;
}

const countersOf = (id: string) =>
  db.campaign.findUniqueOrThrow({
    where: { id, userId },
    select: { sentCount: true, deliveredCount: true, readCount: true, failedCount: true },
  });

test("says so when nothing differed", async () => {
  const id = await finished(right);

  expect(await counterRepository.recount(userId, id)).toEqual({ before: right, after: right });
  expect(await countersOf(id)).toEqual(right);
});

test("repairs counters that are wrong, in either direction", async () => {
  const wrong = { sentCount: 7, deliveredCount: 0, readCount: 1, failedCount: 0 };
  const id = await finished(wrong);

  expect(await counterRepository.recount(userId, id)).toEqual({ before: wrong, after: right });
  expect(await countersOf(id)).toEqual(right);
});

test("many at once repair it once", async () => {
  const id = await finished(zero);

  const results = await Promise.all(Array.from({ length: 8 }, () => counterRepository.recount(userId, id)));

  expect(await countersOf(id)).toEqual(right);
  expect(results.filter(({ before }) => before.sentCount === 0)).toHaveLength(1);
});

test("counts neither twice nor not at all what is reported while it counts", async () => {
  const id = await finished({ ...right, sentCount: 0 });
  const sending = await createMessage(userId, id, (await createContact(userId)).id, { status: "sending" });
  // The report has moved the row and the counters and is not committed while the counting begins and waits for it.
  const recounted = await transaction(async (run) => {
    await messageRepository.recordOfAllTenants([{ ...receipt(sending.id, "read"), userId }], run);
    const recount = counterRepository.recount(userId, id);
    await somebodyWaits(run);
    return { recount };
  });
  await recounted.recount;

  expect(await countersOf(id)).toEqual({ sentCount: 4, deliveredCount: 3, readCount: 2, failedCount: 1 });
});

test("stays right while reports come in from all sides", async () => {
  const { id } = await createCampaign(userId, { status: "processing", readCount: 5 });
  const messages = await Promise.all(
    Array.from({ length: 30 }, async () =>
      createMessage(userId, id, (await createContact(userId)).id, { status: "sending" }),
    ),
  );

  await Promise.all(
    messages.flatMap((message) => [
      messageRepository.record(userId, [receipt(message.id, "delivered")]),
      counterRepository.recount(userId, id),
    ]),
  );

  expect(await countersOf(id)).toEqual({ sentCount: 30, deliveredCount: 30, readCount: 0, failedCount: 0 });
});

test("a stranger's campaign and a missing one look the same", async () => {
  const id = await finished(zero);
  const stranger = await createUser();

  await expect(counterRepository.recount(stranger, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await countersOf(id)).toEqual(zero);
});
