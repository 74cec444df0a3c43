import { db } from "@/lib/db";
import type { Prisma } from "@/lib/db/generated/client";
import type { UserId } from "@/lib/tenant";

/** `tsc` is the test runner: each line below must not compile, and the block at the end must. */
export async function tenancyIsATypeError(
  userId: UserId,
  plain: string,
  id: string,
  create: Prisma.TemplateUncheckedCreateInput,
) {
  // @ts-expect-error no tenant
  await db.campaign.findMany({ where: { status: "draft" } });
  // @ts-expect-error no arguments at all
  await db.campaign.findMany();
  // @ts-expect-error a plain string is not a tenant
  await db.campaign.findMany({ where: { userId: plain } });
  // @ts-expect-error a bare id is not a key
  await db.campaign.findUnique({ where: { id } });
  // @ts-expect-error a bare id is not a key
  await db.campaign.update({ where: { id }, data: { name: "x" } });
  // @ts-expect-error a bare id is not a key
  await db.campaign.delete({ where: { id } });
  // @ts-expect-error a bare id is not a key
  await db.template.upsert({ where: { id }, update: {}, create });
  // @ts-expect-error a filter inside OR is not a filter
  await db.contact.count({ where: { OR: [{ userId }] } });
  // @ts-expect-error undefined is not a tenant
  await db.contact.deleteMany({ where: { userId: undefined } });
  // @ts-expect-error no tenant
  await db.message.updateMany({ where: { id }, data: { status: "read" } });
  // @ts-expect-error no tenant
  await db.message.aggregate({ _count: true });
  // @ts-expect-error raw SQL goes through `sql`
  await db.$queryRaw`SELECT 1`;

  await db.campaign.findUnique({ where: { id, userId } });
  await db.contact.count({ where: { userId, tags: { has: "vip" } } });
  await db.message.updateMany({ where: { userId, id }, data: { status: "read" } });
}
