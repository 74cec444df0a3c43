import { expect, test } from "vitest";
import { consentRepository } from "@/lib/consent/repository";
import type { TimelineEntry } from "@/lib/contact-timelines/entry";
import { contactTimelineRepository } from "@/lib/contact-timelines/repository";
import { db, sql } from "@/lib/db";
import { entryListSchema } from "@/lib/inbox/schema";
import { messageRepository } from "@/lib/messages/repository";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createContact, createMessage, createUser } from "@/lib/testing/factories";
import { importFile } from "@/lib/testing/imports";

/** All pages, and how long they are. */
async function readAll(userId: UserId, contactId: string) {
  const pages: TimelineEntry[][] = [];
  let before: string | undefined;
  do {
    const cursor = entryListSchema.parse({ before }).before;
    const page = await contactTimelineRepository.page(userId, contactId, cursor);
    pages.push(page.items);
    before = page.nextCursor ?? undefined;
  } while (before);
  return { entries: pages.flat(), lengths: pages.map(({ length }) => length) };
}

const inbound = (contactId: string, content: object, at: string) => ({
  ...{ contactId, whatsappMessageId: `wamid.${crypto.randomUUID()}`, type: "text" as const, content },
  at: new Date(at),
});

test("tells what happened in the order in which it was said, whatever it was", async () => {
  const userId = await createUser({ defaultCountry: "IN" });
  const created = await importFile(userId, "phone,name\n98123 45678,Asha", {
    mapping: { phone: "phone", name: "name", custom: {} },
  });
  const changed = await importFile(userId, "phone,name\n12,x\n98123 45678,Asha Rao", {
    mapping: { phone: "phone", name: "name", custom: {} },
    existing: "overwrite",
  });
  const { id } = await db.contact.findFirstOrThrow({ where: { userId } });
  await sql`UPDATE contacts SET "createdAt" = '2026-05-01' WHERE id = ${id}`;
  await sql`UPDATE consent_events SET "createdAt" = '2026-05-01 00:00:01' WHERE "contactId" = ${id}`;
  await sql`UPDATE import_changes SET "createdAt" = '2026-05-02' WHERE "contactId" = ${id}`;
  const snapshot = {
    name: "x",
    language: "en",
    category: "marketing",
    components: [{ type: "BODY", text: "Hi {{1}}!" }],
  };
  const campaign = await createCampaign(userId, { templateSnapshot: snapshot });
  const location = { type: "location", location: { latitude: 1, longitude: 2, name: "Pune" } };
  await messageRepository.createInbound(userId, inbound(id, location, "2026-05-03"));
  // Stored before they wrote, sent after.
  await createMessage(userId, campaign.id, id, { status: "read", sentAt: new Date("2026-05-05") });
  const text = { type: "text", text: { body: "STOP" } };
  await messageRepository.createInbound(userId, inbound(id, text, "2026-05-04"));
  const at = new Date("2026-05-04T00:00:01Z");
  await consentRepository.set(userId, id, { action: "opt_out", source: "keyword", wording: "STOP", at });

  const { items, nextCursor } = await contactTimelineRepository.page(userId, id);

  expect(nextCursor).toBeNull();
  expect(items).toMatchObject([
    {
      kind: "message",
      status: "read",
      summary: "Hi Asha!",
      campaign: { id: campaign.id, name: "Spring sale" },
    },
    { kind: "consent", action: "opt_out", source: "keyword", wording: "STOP", fileName: null, at },
    { kind: "message", direction: "inbound", summary: "STOP", campaign: null },
    { kind: "message", direction: "inbound", summary: "Pune" },
    { kind: "import", isNew: false, importId: changed.id, fileName: "people.csv", line: 3 },
    { kind: "consent", action: "opt_in", wording: "Signed at the counter", importId: created.id, fileRow: 2 },
    { kind: "import", isNew: true, importId: created.id, fileName: "people.csv", line: 2 },
  ]);
});

test("goes back page by page without losing or repeating anything, though much happened at one instant", async () => {
  const userId = await createUser();
  const { id } = await createContact(userId);
  await sql`
    INSERT INTO messages ("userId", "contactId", direction, type, content, status, "deliveredAt")
    SELECT ${userId}, ${id}, 'inbound', 'text', '{}', 'delivered', '2026-05-01'::timestamptz + n / 40 * interval '1 hour'
    FROM generate_series(1, 70) AS n`;
  await sql`
    INSERT INTO consent_events ("userId", "contactId", action, source, "createdAt")
    SELECT ${userId}, ${id}, 'opt_out', 'manual', '2026-05-01'::timestamptz FROM generate_series(1, 25)`;
  await createMessage(userId, null, (await createContact(userId)).id, { status: "sent" });

  const { entries, lengths } = await readAll(userId, id);

  expect(lengths).toEqual([30, 30, 30, 5]);
  expect(new Set(entries.map((entry) => entry.id)).size).toBe(95);
  const times = entries.map(({ at }) => new Date(at).getTime());
  expect(times).toEqual(times.toSorted((one, other) => other - one));
});

test("of somebody with whom nothing happened is empty", async () => {
  const userId = await createUser();
  const { id } = await createContact(userId);

  expect(await contactTimelineRepository.page(userId, id)).toEqual({ items: [], nextCursor: null });
});
