import { randomInt, randomUUID } from "node:crypto";
import { db, sql } from "@/lib/db";
import type { Prisma } from "@/lib/db/generated/client";
import { laneRepository } from "@/lib/lanes/repository";
import { messageRepository } from "@/lib/messages/repository";
import { type UserId, userIdSchema } from "@/lib/tenant";

type Overrides<T> = Partial<Omit<T, "userId" | "user">>;

/** A fresh tenant, so that tests can share one database and run side by side. */
export async function createUser(
  overrides: Overrides<Prisma.UserUncheckedCreateInput> = {},
): Promise<UserId> {
  const { id } = await db.user.create({
    data: { email: `${randomUUID()}@example.com`, passwordHash: "none", ...overrides },
    select: { id: true },
  });
  return userIdSchema.parse(id);
}

/** Opted in long ago, with a phone number nobody else in the tests has. */
export function createContact(userId: UserId, overrides: Overrides<Prisma.ContactUncheckedCreateInput> = {}) {
  return db.contact.create({
    data: {
      phone: `+1${randomInt(2_000_000_000, 9_999_999_999)}`,
      name: "Asha Rao",
      optedIn: true,
      optedInAt: new Date("2025-01-01"),
      ...overrides,
      userId,
    },
  });
}

/** Approved, with one variable in its body. */
export function createTemplate(
  userId: UserId,
  overrides: Overrides<Prisma.TemplateUncheckedCreateInput> = {},
) {
  return db.template.create({
    data: {
      name: `spring_sale_${randomInt(1e9)}`,
      category: "marketing",
      status: "approved",
      whatsappTemplateId: String(randomInt(1e12, 9e12)),
      components: [
        { type: "BODY", text: "Hi {{1}}, everything is 20% off.", example: { body_text: [["Asha"]] } },
      ],
      ...overrides,
      userId,
    },
  });
}

export async function createCampaign(
  userId: UserId,
  overrides: Overrides<Prisma.CampaignUncheckedCreateInput> = {},
) {
  const templateId = overrides.templateId ?? (await createTemplate(userId)).id;
  return db.campaign.create({
    data: {
      name: "Spring sale",
      messageType: "template",
      messageContent: { parameters: [{ field: "firstName", fallback: "there" }] },
      ...overrides,
      templateId,
      userId,
    },
  });
}

export function createMessage(
  userId: UserId,
  campaignId: string | null,
  contactId: string,
  overrides: Overrides<Prisma.MessageUncheckedCreateInput> = {},
) {
  return db.message.create({
    data: {
      direction: "outbound",
      type: "template",
      content: { parameters: ["Asha"] },
      notBefore: (overrides.status ?? "queued") === "queued" ? new Date() : null,
      claimedAt: overrides.status === "sending" ? new Date() : null,
      ...overrides,
      campaignId,
      contactId,
      userId,
    },
  });
}

/** Claims for a campaign as a new owner of the account's lane, and keeps the lane. */
export async function claimMessages(userId: UserId, campaignId: string, size: number) {
  const owner = randomUUID();
  await sql`UPDATE lanes SET "leaseUntil" = NULL WHERE "userId" = ${userId}`;
  await laneRepository.acquire(userId, owner);
  const options = { owner, size, after: null, isLimited: false };
  return (await messageRepository.claim(userId, campaignId, options)).claimed;
}
