import { normalizePhone } from "@/lib/contacts/phone";
import { sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";

/** Who wrote to us, by WhatsApp's ids; at least one of them is known. */
export type Sender = {
  waId: string | null;
  waUserId?: string | null;
  name?: string | null;
  /** Null for what was no message. */
  at: Date | null;
};

export const identityRepository = {
  /**
   * The person who wrote to us, created if unknown: not opted in, because writing is no agreement to campaigns.
   * WhatsApp's own ids are remembered, and `lastInboundAt` only grows.
   */
  async recordInbound(userId: UserId, sender: Sender): Promise<{ id: string; optedIn: boolean }> {
    const known = await recordVisit(userId, sender);
    if (known) return known;
    const { waId, waUserId = null, name = null, at } = sender;
    const phone = waId && phoneOf(waId);
    const [created] = await sql<{ id: string; optedIn: boolean }>`
      INSERT INTO contacts ("userId", phone, "waId", "waUserId", name, "optInSource", "lastInboundAt", "optedOutAt")
      VALUES (${userId}, ${phone}, ${waId}, ${waUserId}, ${name}, 'webhook', ${at}, (
        SELECT "createdAt" FROM suppressions
        WHERE "userId" = ${userId} AND "phoneHash" = suppression_hash(${userId}, ${phone})
      ))
      ON CONFLICT DO NOTHING
      RETURNING id, "optedIn"`;
    const contact = created ?? (await recordVisit(userId, sender));
    if (!contact) throw new Error("A sender could neither be found nor created");
    return contact;
  },
};

/** The number behind WhatsApp's id as we store it; null when it is no number. */
function phoneOf(waId: string): string | null {
  const normalized = normalizePhone(`+${waId}`, "");
  if ("phone" in normalized) return normalized.phone;
  return /^[1-9]\d{6,14}$/.test(waId) ? `+${waId}` : null;
}

/** Looks by the surest sign first; `coalesce` looks no further than it must. Nothing when the person is unknown. */
async function recordVisit(userId: UserId, { waId, waUserId = null, name = null, at }: Sender) {
  const phone = waId && phoneOf(waId);
  const [known] = await sql<{ id: string; optedIn: boolean }>`
    UPDATE contacts SET "waId" = coalesce(${waId}, "waId"), "waUserId" = coalesce(${waUserId}, "waUserId"),
      name = coalesce(name, ${name}), "lastInboundAt" = greatest("lastInboundAt", ${at}::timestamptz), "updatedAt" = now()
    WHERE "userId" = ${userId} AND id = coalesce(
      (SELECT id FROM contacts WHERE "userId" = ${userId} AND "waUserId" = ${waUserId}),
      (SELECT id FROM contacts WHERE "userId" = ${userId} AND phone = ${phone}),
      (SELECT id FROM contacts WHERE "userId" = ${userId} AND "waId" = ${waId} ORDER BY id LIMIT 1))
    RETURNING id, "optedIn"`;
  return known;
}
