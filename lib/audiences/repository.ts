import { conditionsOf, reachable } from "@/lib/audiences/conditions";
import { MIN_AUDIENCE_FOR_CANARY, MIN_CANARY } from "@/lib/brakes/canary";
import {
  keptAudienceSchema,
  type MessageContent,
  messageContentSchema,
  type Parameter,
} from "@/lib/campaigns/schema";
import { matches } from "@/lib/contact-filters/repository";
import type { Filter } from "@/lib/contact-filters/schema";
import { type Part, part, sql, transaction } from "@/lib/db";
import type { MessageType } from "@/lib/db/generated/enums";
import type { UserId } from "@/lib/tenant";

/** Of the people who may be messaged (agreed, not blocked, reachable by number) those who meet the conditions. */
const recipientsOf = (userId: UserId, conditions: Filter): Part => part`
  contacts contact WHERE ${matches(userId, [...reachable, ...conditions])} AND contact."phone" IS NOT NULL`;

/** The person's field that a parameter names, as it is stored. */
function fieldOf(field: string): Part {
  switch (field) {
    case "name":
      return part`contact."name"`;
    case "firstName":
      return part`split_part(btrim(contact."name"), ' ', 1)`;
    case "phone":
      return part`contact."phone"`;
    case "email":
      return part`contact."email"`;
    default:
      return part`contact."metadata" ->> ${field.slice("metadata.".length)}::text`;
  }
}

/** The same text for everybody, or the person's field with its fallback, on one line with single spaces. */
const renderedParameter = (parameter: Parameter): Part => {
  const text =
    typeof parameter === "string"
      ? part`${parameter}::text`
      : part`coalesce(nullif(btrim(${fieldOf(parameter.field)}), ''), ${parameter.fallback})`;
  return part`btrim(regexp_replace(${text}, '\\s+', ' ', 'g'))`;
};

/** One value per template parameter. Known before the statement is, so that each row only fills them in. */
const renderedParameters = (parameters: Parameter[]): Part => {
  const [first = part``, ...rest] = parameters.map(renderedParameter);
  return part`jsonb_build_array(${rest.reduce((list, value) => part`${list}, ${value}`, first)})`;
};

/** A campaign was canceled, or frozen by somebody else, while its people were written down: nothing of that stays. */
class OvertakenError extends Error {}

/** Whom a campaign is for, and what each of them is sent. */
export const audienceRepository = {
  /**
   * Writes one queued message with its rendered parameters for everybody in the audience, all or nothing, so it may
   * be run again after a crash. Nothing is sent before. Returns the number of recipients, or null when there was
   * nothing to freeze. Whoever pauses or cancels the campaign meanwhile does not wait for it; whoever deletes a person does.
   */
  async freeze(userId: UserId, id: string): Promise<number | null> {
    return transaction(async (sql) => {
      await sql`SET LOCAL statement_timeout = '10min'`;
      const [campaign] = await sql<{ messageType: MessageType; audience: unknown; messageContent: unknown }>`
        SELECT "messageType", "audience", "messageContent" FROM campaigns
        WHERE "userId" = ${userId} AND "id" = ${id} AND "status" = 'processing' AND "frozenAt" IS NULL
        FOR KEY SHARE`;
      if (!campaign) return null;
      const conditions = conditionsOf(keptAudienceSchema.parse(campaign.audience));
      if (!conditions) return 0;
      const { parameters, media } = messageContentSchema.parse(campaign.messageContent);
      const type = campaign.messageType === "text" && media ? media.kind : campaign.messageType;
      await sql`
        INSERT INTO messages ("userId", "campaignId", "contactId", "notBefore", "direction", "type", "content")
        SELECT ${userId}, ${id}, contact."id", now(), 'outbound', ${type}::"MessageContentType",
          jsonb_build_object('parameters', ${renderedParameters(parameters)})
        FROM ${recipientsOf(userId, conditions)}
        ORDER BY contact."id" FOR KEY SHARE OF contact
        ON CONFLICT ("campaignId", "contactId") DO NOTHING`;
      const [frozen] = await sql<{ totalRecipients: number }>`
        UPDATE campaigns SET "frozenAt" = now(), "updatedAt" = now(), "totalRecipients" = audience."size",
          "canaryUntil" = CASE WHEN "canaryPercent" IS NOT NULL AND audience."size" >= ${MIN_AUDIENCE_FOR_CANARY} THEN (
            SELECT "id" FROM messages WHERE "userId" = ${userId} AND "campaignId" = ${id} ORDER BY "id"
            OFFSET greatest(${MIN_CANARY}::int, ceil(audience."size" * "canaryPercent" / 100.0)) - 1 LIMIT 1) END
        FROM (
          SELECT count(*)::int AS "size" FROM messages WHERE "userId" = ${userId} AND "campaignId" = ${id}
        ) AS audience
        WHERE "userId" = ${userId} AND "id" = ${id} AND "status" IN ('processing', 'paused') AND "frozenAt" IS NULL
        RETURNING "totalRecipients"`;
      if (!frozen) throw new OvertakenError();
      return frozen.totalRecipients;
    }).catch((error: unknown) => {
      if (error instanceof OvertakenError) return null;
      throw error;
    });
  },

  async count(userId: UserId, conditions: Filter): Promise<number> {
    const [row] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM ${recipientsOf(userId, conditions)}`;
    return row?.count ?? 0;
  },

  /** How many of an audience have written within 24 hours: others WhatsApp lets get templates only. */
  async countWithinWindow(userId: UserId, conditions: Filter): Promise<number> {
    const [row] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM ${recipientsOf(userId, conditions)}
        AND contact."lastInboundAt" > now() - interval '24 hours'`;
    return row?.count ?? 0;
  },

  /** The parameters as the first few people of an audience would get them. */
  async preview(userId: UserId, conditions: Filter, parameters: MessageContent["parameters"]) {
    return sql<{ contactId: string; name: string | null; parameters: string[] }>`
      SELECT contact."id" AS "contactId", contact."name", ${renderedParameters(parameters)} AS parameters
      FROM ${recipientsOf(userId, conditions)}
      ORDER BY contact."id" LIMIT 3`;
  },
};
