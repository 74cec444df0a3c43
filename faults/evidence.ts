import type { CampaignRow, Evidence, MessageRow } from "@/faults/checker";
import type { Stage } from "@/faults/stage";
import type { Traces } from "@/faults/strike";
import type { Tenant } from "@/faults/tenant";
import { deliveriesOf, postsOf } from "@/faults/witness";

type Known = Traces & {
  /** Where in the ledger the run began. */
  ledgerSeq: number;
  /** The true instants of claims that were made older. */
  lapse: Map<string, number>;
};

/** Reads the ledger and the rows of the run's tenants. */
export async function readEvidence(
  { query, sandbox }: Stage,
  tenants: Tenant[],
  { ledgerSeq, lapse, crashes, forgeries }: Known,
): Promise<Evidence> {
  const userIds = tenants.map(({ userId }) => userId);
  const entries = await sandbox.ledger(ledgerSeq);
  const messages = await query<MessageRow>(
    `SELECT message."id", message."userId", message."campaignId", message."contactId", contact."phone",
       message."status", message."whatsappMessageId", message."sentAt" IS NOT NULL AS "isSent",
       message."deliveredAt" IS NOT NULL AS "isDelivered", message."readAt" IS NOT NULL AS "isRead",
       message."failedAt" IS NOT NULL AS "isFailed",
       (extract(epoch FROM message."claimedAt") * 1000)::float AS "claimedAt",
       (extract(epoch FROM message."updatedAt") * 1000)::float AS "updatedAt"
     FROM messages message JOIN contacts contact ON contact."id" = message."contactId"
     WHERE message."userId" = ANY($1) AND message."direction" = 'outbound'`,
    [userIds],
  );
  const campaigns = await query<CampaignRow>(
    `SELECT "id", "userId", "status", "totalRecipients", "sentCount", "deliveredCount", "readCount", "failedCount"
     FROM campaigns WHERE "userId" = ANY($1)`,
    [userIds],
  );
  const reports = await query<Evidence["audit"]["reports"][number]>(
    `SELECT "userId", report ->> 'id' AS wamid, report ->> 'status' AS state
     FROM webhook_events, jsonb_path_query("payload", '$.entry[*].changes[*].value.statuses[*]') AS report
     WHERE "userId" = ANY($1) OR "userId" IS NULL`,
    [userIds],
  );
  const stored = await query<{ userId: string; count: number }>(
    `SELECT "userId", count(*)::int AS count FROM webhook_events WHERE "userId" = ANY($1) GROUP BY 1`,
    [userIds],
  );
  const optOuts = await query<{ contactId: string; at: number }>(
    `SELECT "contactId", (extract(epoch FROM min("createdAt")) * 1000)::float AS at FROM consent_events
     WHERE "userId" = ANY($1) AND "action" = 'opt_out' GROUP BY 1`,
    [userIds],
  );
  return {
    tenants: tenants.map(({ userId, phoneNumberId, messagesPerSecond, recipients }) => ({
      ...{ userId, phoneNumberId, messagesPerSecond, recipients },
    })),
    posts: postsOf(entries),
    deliveries: deliveriesOf(entries),
    messages: messages.map((row) => ({ ...row, claimedAt: lapse.get(row.id) ?? row.claimedAt })),
    campaigns,
    audit: { reports, rows: Object.fromEntries(stored.map(({ userId, count }) => [userId, count])) },
    optOuts,
    crashes,
    forgeries,
  };
}
