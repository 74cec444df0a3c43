import * as z from "zod";
import { db, sql, transaction } from "@/lib/db";
import { isDuplicate } from "@/lib/db/errors";
import type { CampaignStatus, TemplateCategory, TemplateStatus } from "@/lib/db/generated/enums";
import { AppError, conflict, notFound } from "@/lib/errors";
import type { TemplateNames } from "@/lib/templates/report";
import {
  type CreateTemplate,
  componentsSchema,
  type MetaTemplate,
  type TemplateComponent,
  type TemplateListQuery,
  type UpdateTemplate,
} from "@/lib/templates/schema";
import { reasonOf, statusOf } from "@/lib/templates/status";
import { type UserId, userIdSchema } from "@/lib/tenant";

const PAGE_SIZE = 50;

const columns = {
  id: true,
  name: true,
  language: true,
  category: true,
  status: true,
  components: true,
  whatsappTemplateId: true,
  rejectionReason: true,
  quality: true,
  nextCategory: true,
  nextCategoryAt: true,
  approvedAt: true,
  createdAt: true,
  updatedAt: true,
} as const;

/** What cannot be read as a component is left out rather than the whole template. */
const withComponents = <Row extends { components: unknown }>(row: Row) => ({
  ...row,
  components: z
    .array(z.unknown())
    .catch([])
    .parse(row.components)
    .flatMap((component) => componentsSchema.element.safeParse(component).data ?? []),
});

/** Campaigns that still need the template itself; the others live on their snapshot. */
const unfinished: CampaignStatus[] = ["draft", "scheduled", "processing", "paused"];

type Submission = { whatsappTemplateId: string; category: TemplateCategory | null };

/** Meta's report about one template. `status` and `reason` are Meta's words. */
export type StatusReport = {
  whatsappTemplateId?: string | undefined;
  name?: string | undefined;
  language?: string | undefined;
  status: string;
  reason?: string | null | undefined;
  /** When Meta says so, if it does: an older report that comes later changes nothing. */
  at?: Date | null | undefined;
};

export const templateRepository = {
  async create(userId: UserId, input: CreateTemplate) {
    const row = await db.template
      .create({ data: { ...input, userId }, select: columns })
      .catch(explainDuplicate);
    return withComponents(row);
  },

  async find(userId: UserId, id: string) {
    const row = await db.template.findUnique({ where: { id, userId }, select: columns });
    return row && withComponents(row);
  },

  async get(userId: UserId, id: string) {
    const template = await templateRepository.find(userId, id);
    if (!template) throw notFound("Template");
    return template;
  },

  /** The newest first. */
  async list(userId: UserId, { status, cursor }: TemplateListQuery = {}) {
    const rows = await db.template.findMany({
      where: { userId, ...(status && { status }), ...(cursor && { id: { lt: cursor } }) },
      select: columns,
      orderBy: { id: "desc" },
      take: PAGE_SIZE + 1,
    });
    const items = rows.slice(0, PAGE_SIZE).map(withComponents);
    return { items, nextCursor: rows.length > PAGE_SIZE ? (items.at(-1)?.id ?? null) : null };
  },

  /** For choosing one: all of them, by name. */
  async listApproved(userId: UserId) {
    const rows = await db.template.findMany({
      where: { userId, status: "approved" },
      select: columns,
      orderBy: { name: "asc" },
    });
    return rows.map(withComponents);
  },

  /** What WhatsApp says of each that it knows. */
  async listStates(userId: UserId) {
    return db.template.findMany({
      where: { userId, whatsappTemplateId: { not: null } },
      select: {
        ...{ id: true, name: true, whatsappTemplateId: true },
        ...{ status: true, rejectionReason: true, category: true },
      },
    });
  },

  /** How many there are of each status. */
  async countByStatus(userId: UserId): Promise<Partial<Record<TemplateStatus, number>>> {
    const rows = await db.template.groupBy({ by: ["status"], where: { userId }, _count: true });
    return Object.fromEntries(rows.map(({ status, _count }) => [status, _count]));
  },

  /** Only a draft or a rejected template changes; name and language only as long as Meta does not know it. */
  async update(userId: UserId, id: string, { name, language, category, components }: UpdateTemplate) {
    const { count } = await db.template
      .updateMany({
        where: {
          id,
          userId,
          status: { in: ["draft", "rejected"] },
          OR: [
            { whatsappTemplateId: null },
            { whatsappTemplateId: { not: null }, ...(name && { name }), ...(language && { language }) },
          ],
        },
        data: {
          ...(name !== undefined && { name }),
          ...(language !== undefined && { language }),
          ...(category !== undefined && { category }),
          ...(components !== undefined && { components }),
        },
      })
      .catch(explainDuplicate);
    const template = await templateRepository.get(userId, id);
    if (count === 1) return template;
    if (template.status === "draft" || template.status === "rejected") {
      throw conflict(
        "WhatsApp knows this template already: its name and language are fixed. Duplicate it instead.",
      );
    }
    throw conflict("Only drafts and rejected templates can be edited. Duplicate it to make a new version.");
  },

  /** Hands a draft or a rejected template to exactly one caller, as pending. Null for everybody else. */
  async claimForSubmission(userId: UserId, id: string): Promise<{ previousStatus: TemplateStatus } | null> {
    const [claimed] = await sql<{ previousStatus: TemplateStatus }>`
      WITH before AS (
        SELECT id, status FROM templates
        WHERE "userId" = ${userId} AND id = ${id} AND status IN ('draft', 'rejected')
        FOR UPDATE
      )
      UPDATE templates SET status = 'pending', "updatedAt" = now()
      FROM before WHERE templates."userId" = ${userId} AND templates.id = before.id
      RETURNING before.status AS "previousStatus"`;
    return claimed ?? null;
  },

  /** Undoes a claim, unless Meta has spoken meanwhile. */
  async release(userId: UserId, id: string, previousStatus: TemplateStatus): Promise<void> {
    await db.template.updateMany({
      where: { id, userId, status: "pending" },
      data: { status: previousStatus },
    });
  },

  /** Remembers that Meta has it, and in which category. A verdict that overtook this call stays. */
  async markSubmitted(
    userId: UserId,
    id: string,
    { whatsappTemplateId, category }: Submission,
  ): Promise<void> {
    await sql`
      UPDATE templates SET
        "whatsappTemplateId" = ${whatsappTemplateId}, "updatedAt" = now(),
        category = coalesce(${category}::"TemplateCategory", category),
        "rejectionReason" = CASE WHEN status = 'pending' THEN NULL ELSE "rejectionReason" END
      WHERE "userId" = ${userId} AND id = ${id}`;
  },

  /** Records Meta's verdict. Unknown templates and unknown words change nothing. True when something changed. */
  async applyStatus(
    userId: UserId,
    { whatsappTemplateId, name, language, at = null, ...report }: StatusReport,
  ): Promise<boolean> {
    const status = statusOf(report.status);
    if (!status) return false;
    const reason = reasonOf(report.status, report.reason);
    const rows = await sql<{ id: string }>`
      UPDATE templates SET
        status = ${status}::"TemplateStatus", "rejectionReason" = ${reason}, "updatedAt" = now(),
        "approvedAt" = CASE WHEN ${status} = 'approved' THEN coalesce("approvedAt", now()) ELSE "approvedAt" END,
        "whatsappTemplateId" = coalesce("whatsappTemplateId", ${whatsappTemplateId ?? null}),
        "reportedAt" = greatest("reportedAt", ${at}::timestamptz)
      WHERE "userId" = ${userId} AND coalesce("reportedAt" <= ${at}::timestamptz, true)
        AND ("whatsappTemplateId" = ${whatsappTemplateId ?? null}
          OR (("whatsappTemplateId" IS NULL OR ${whatsappTemplateId ?? null}::text IS NULL)
            AND name = ${name ?? null} AND language = ${language?.replace("-", "_") ?? null} AND status <> 'draft'))
        AND ((status::text, "rejectionReason") IS DISTINCT FROM (${status}, ${reason})
          OR coalesce("reportedAt" < ${at}::timestamptz, ${at}::timestamptz IS NOT NULL))
      RETURNING id`;
    return rows.length > 0;
  },

  /** The templates of ours that Meta means: by its id, or by name as long as we do not know the id. */
  async findReported(userId: UserId, { whatsappTemplateId, name, language }: TemplateNames) {
    const rows = await db.template.findMany({
      where: {
        userId,
        OR: [{ whatsappTemplateId }, { whatsappTemplateId: null, name, language, status: { not: "draft" } }],
      },
      select: columns,
    });
    return rows.map(withComponents);
  },

  async rate(userId: UserId, id: string, quality: string): Promise<void> {
    await db.template.updateMany({ where: { userId, id }, data: { quality } });
  },

  /** The category that Meta said it has, at its instant. False when something later is known. */
  async categorize(
    userId: UserId,
    id: string,
    category: TemplateCategory,
    at: Date | null,
  ): Promise<boolean> {
    const categorized = await sql`
      UPDATE templates SET category = ${category}::"TemplateCategory", "nextCategory" = NULL, "nextCategoryAt" = NULL,
        "categorizedAt" = coalesce(${at}::timestamptz, now()), "updatedAt" = now()
      WHERE "userId" = ${userId} AND id = ${id} AND coalesce("categorizedAt" <= ${at}::timestamptz, true)
      RETURNING id`;
    return categorized.length === 1;
  },

  /** What Meta has announced, at its instant, and from when on it will be so. False when something later is known. */
  async announceCategory(
    userId: UserId,
    id: string,
    next: TemplateCategory,
    { from, at }: { from: Date | null; at: Date | null },
  ): Promise<boolean> {
    const announced = await sql`
      UPDATE templates SET "nextCategory" = ${next}::"TemplateCategory", "nextCategoryAt" = ${from}, "updatedAt" = now()
      WHERE "userId" = ${userId} AND id = ${id} AND coalesce("categorizedAt" <= ${at}::timestamptz, true)
      RETURNING id`;
    return announced.length === 1;
  },

  /** Meta's own edit. What the owner is writing in a draft or after a rejection is not touched. */
  async rewrite(userId: UserId, id: string, components: TemplateComponent[]): Promise<void> {
    await sql`
      UPDATE templates SET components = ${JSON.stringify(components)}::jsonb, "updatedAt" = now()
      WHERE "userId" = ${userId} AND id = ${id} AND status NOT IN ('draft', 'rejected')`;
  },

  /**
   * Takes over what Meta says about one of its templates: updates ours, or imports one that was made elsewhere.
   * An unsent draft with the same name stays untouched, as does another language of a template we have: "skipped".
   */
  async upsertFromMeta(
    userId: UserId,
    template: MetaTemplate,
  ): Promise<"updated" | "imported" | "skipped" | "unchanged"> {
    const { id, name, language, category } = template;
    const status = statusOf(template.status);
    if (!status) return "skipped";
    const reason = reasonOf(template.status, template.rejected_reason);
    const components = JSON.stringify(template.components);
    const [known] = await sql<{ changed: boolean }>`
      WITH mine AS (
        SELECT id FROM templates
        WHERE "userId" = ${userId}
          AND ("whatsappTemplateId" = ${id} OR (name = ${name} AND language = ${language} AND status <> 'draft'))
        ORDER BY "whatsappTemplateId" = ${id} DESC NULLS LAST LIMIT 1
        FOR UPDATE
      ), changed AS (
        UPDATE templates SET
          "whatsappTemplateId" = ${id}, status = ${status}::"TemplateStatus", "rejectionReason" = ${reason},
          category = coalesce(${category}::"TemplateCategory", category),
          -- Meta's instants are whole seconds: a report of this one is no older.
          "categorizedAt" = CASE WHEN category::text <> ${category} THEN date_trunc('second', now()) ELSE "categorizedAt" END,
          "nextCategory" = CASE WHEN category::text <> ${category} THEN NULL ELSE "nextCategory" END,
          "nextCategoryAt" = CASE WHEN category::text <> ${category} THEN NULL ELSE "nextCategoryAt" END,
          -- What the owner has changed since a rejection is not lost.
          components = CASE WHEN templates.status = 'rejected' THEN components ELSE ${components}::jsonb END,
          "approvedAt" = CASE WHEN ${status} = 'approved' THEN coalesce("approvedAt", now()) ELSE "approvedAt" END,
          "updatedAt" = now()
        FROM mine
        WHERE templates."userId" = ${userId} AND templates.id = mine.id
          AND (templates."whatsappTemplateId", templates.status::text, "rejectionReason", category::text,
               CASE WHEN templates.status = 'rejected' THEN NULL ELSE components END)
            IS DISTINCT FROM
              (${id}, ${status}, ${reason}, coalesce(${category}, category::text),
               CASE WHEN templates.status = 'rejected' THEN NULL ELSE ${components}::jsonb END)
        RETURNING templates.id
      )
      SELECT changed.id IS NOT NULL AS changed FROM mine LEFT JOIN changed USING (id)`;
    if (known) return known.changed ? "updated" : "unchanged";
    if (!category) return "skipped";
    const imported = await sql`
      INSERT INTO templates ("userId", name, language, category, status, components, "whatsappTemplateId", "rejectionReason", "approvedAt")
      VALUES (${userId}, ${name}, ${language}, ${category}::"TemplateCategory", ${status}::"TemplateStatus",
        ${components}::jsonb, ${id}, ${reason}, CASE WHEN ${status} = 'approved' THEN now() END)
      ON CONFLICT ("userId", name) DO NOTHING RETURNING id`;
    return imported.length > 0 ? "imported" : "skipped";
  },

  /**
   * After a complete look at Meta's list: what is not on it any more cannot be sent, and what never arrived there is a
   * draft again. Whatever changed in the last minute is left alone, because the list may be older.
   */
  async settleMissing(userId: UserId, seenAtMeta: string[]): Promise<number> {
    const rows = await sql`
      UPDATE templates SET
        status = CASE WHEN "whatsappTemplateId" IS NULL THEN 'draft' ELSE 'disabled' END::"TemplateStatus",
        "rejectionReason" = CASE WHEN "whatsappTemplateId" IS NULL
          THEN 'WhatsApp never got it. Submit it again.' ELSE 'It does not exist at WhatsApp any more.' END,
        "updatedAt" = now()
      WHERE "userId" = ${userId} AND status IN ('pending', 'approved', 'paused')
        AND "updatedAt" < now() - interval '1 minute'
        AND ("whatsappTemplateId" IS NULL OR "whatsappTemplateId" <> ALL(${seenAtMeta}::text[]))
      RETURNING id`;
    return rows.length;
  },

  /** Past campaigns keep the snapshot of what they sent; an unfinished one holds the template fast. */
  async remove(userId: UserId, id: string): Promise<void> {
    await transaction(async (sql) => {
      const rows = await sql`SELECT id FROM templates WHERE "userId" = ${userId} AND id = ${id} FOR UPDATE`;
      if (rows.length === 0) throw notFound("Template");
      const users = await sql<{ name: string }>`
        SELECT name FROM campaigns WHERE "userId" = ${userId} AND "templateId" = ${id} AND status::text = ANY(${unfinished})
        ORDER BY id DESC`;
      refuseWhileUsed(users);
      await sql`UPDATE campaigns SET "templateId" = NULL, "updatedAt" = now() WHERE "userId" = ${userId} AND "templateId" = ${id}`;
      await sql`DELETE FROM templates WHERE "userId" = ${userId} AND id = ${id}`;
    });
  },

  /** Throws what `remove` would throw, before anything is deleted at Meta. */
  async assertRemovable(userId: UserId, id: string): Promise<void> {
    refuseWhileUsed(
      await db.campaign.findMany({
        where: { userId, templateId: id, status: { in: unfinished } },
        select: { name: true },
        orderBy: { id: "desc" },
      }),
    );
  },

  /** Tenants who have been waiting for a verdict for more than a minute. */
  async findPendingOfAllTenants(): Promise<UserId[]> {
    const rows = await sql<{ userId: string }>`
      SELECT DISTINCT "userId" FROM templates
      WHERE status = 'pending' AND "updatedAt" < now() - interval '1 minute'`;
    return rows.map(({ userId }) => userIdSchema.parse(userId));
  },
};

function refuseWhileUsed(campaigns: { name: string }[]): void {
  const [first, ...others] = campaigns;
  if (!first) return;
  const rest = others.length > 0 ? ` and ${others.length} more` : "";
  throw conflict(`The campaign “${first.name}”${rest} uses this template. Delete or finish it first.`);
}

function explainDuplicate(error: unknown): never {
  if (!isDuplicate(error)) throw error;
  const message = "You have a template with this name already.";
  throw new AppError("CONFLICT", message, { name: [message] });
}
