import { beforeEach, describe, expect, test, vi } from "vitest";
import { consentRepository } from "@/lib/consent/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { counterRepository } from "@/lib/counters/repository";
import { db, sql } from "@/lib/db";
import { pool } from "@/lib/db/pool";
import { identityRepository } from "@/lib/identity/repository";
import { messageRepository } from "@/lib/messages/repository";
import { personalDataRepository } from "@/lib/personal-data/repository";
import { erasePerson, exportPersonalData } from "@/lib/personal-data/service";
import type { UserId } from "@/lib/tenant";
import { plantEvent } from "@/lib/testing/events";
import {
  claimMessages,
  createCampaign,
  createContact,
  createMessage,
  createUser,
} from "@/lib/testing/factories";
import { importFile } from "@/lib/testing/imports";
import { processWebhookEvents } from "@/lib/webhook-events/service";

const phone = "+919812345678";
const waId = "919812345678";
const secrets = [
  ...[
    waId,
    "98123-45678",
    "Asha Rao",
    "Asha again",
    "asha@example.com",
    "IN.1",
    "see you at five",
    "wamid.asha",
  ],
  "Pune",
];

/** Everything that an account has, as text. */
async function dump(userId: UserId): Promise<string> {
  const tables = await pool.query<{ name: string }>(`
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name = 'userId' ORDER BY 1`);
  const found = tables.rows.map(({ name }) =>
    pool.query(`SELECT * FROM "${name}" WHERE "userId" = $1 ORDER BY 1, 2`, [userId]),
  );
  return JSON.stringify((await Promise.all(found)).map(({ rows }) => rows));
}

let userId: UserId;
let asha: string;
let campaign: string;

const call = (value: object) => ({ entry: [{ id: "1", changes: [{ field: "messages", value }] }] });
const report = (messageId: string, state: "sent" | "read") => ({
  ...{
    messageId,
    whatsappMessageId: "wamid.asha",
    state,
    at: null,
    attempt: 0,
    errorCode: null,
    errorMessage: null,
  },
  ...{ category: null, pricingType: null },
});

beforeEach(async () => {
  userId = await createUser({ defaultCountry: "IN" });
  await importFile(
    userId,
    [
      "phone,name,tags,city,email",
      "98123 45678,Asha Rao,vip,Pune,asha@example.com",
      "+91 98123-45678,Asha again,,Pune,",
      "12,Asha of Pune,,,ASHA@example.com",
      "13,Meera,,,meera@example.com",
      "98123 45679,Meera,,,meera@example.com",
    ].join("\n"),
    { mapping: { phone: "phone", name: "name", tags: "tags", email: "email", custom: { city: "city" } } },
  );
  asha = (await db.contact.findFirstOrThrow({ where: { userId, phone } })).id;
  await identityRepository.recordInbound(userId, { waId, waUserId: "IN.1", at: new Date() });
  await messageRepository.createInbound(userId, {
    ...{ contactId: asha, whatsappMessageId: `wamid.asha.in${asha}`, type: "text", at: new Date() },
    content: { type: "text", text: { body: "see you at five" } },
  });
  const running = {
    status: "processing",
    startedAt: new Date(),
    frozenAt: new Date(),
    totalRecipients: 2,
  } as const;
  campaign = (await createCampaign(userId, running)).id;
  await createMessage(userId, campaign, asha);
  const sent = await createMessage(
    userId,
    (await createCampaign(userId, { sentCount: 1, totalRecipients: 1 })).id,
    asha,
    {
      ...{ status: "sent", sentAt: new Date(), whatsappMessageId: `wamid.asha.${asha}` },
    },
  );
  await plantEvent(userId, {
    payload: call({
      statuses: [
        { id: `wamid.asha.${asha}`, recipient_id: waId, biz_opaque_callback_data: sent.id },
        { id: "wamid.meera", recipient_id: "919812345679" },
      ],
    }),
  });
  await plantEvent(userId, {
    ...{ kind: "message", processed: false },
    payload: call({ messages: [{ from: waId, id: "wamid.asha.2", text: { body: "see you at five" } }] }),
  });
});

describe("the data of a person", () => {
  test("is all there, and nobody else's", async () => {
    const data = await exportPersonalData(userId, asha);

    expect(data).toMatchObject({
      contact: {
        phone,
        name: "Asha Rao",
        email: "asha@example.com",
        metadata: { city: "Pune" },
        waUserId: "IN.1",
      },
      isSuppressed: false,
      import: { fileName: "people.csv" },
      consent: [{ action: "opt_in", wording: "Signed at the counter", fileRow: 2, fileName: "people.csv" }],
      conversation: { lastInboundId: expect.any(String) },
      messages: [
        { direction: "inbound", content: { text: { body: "see you at five" } } },
        { direction: "outbound", campaign: "Spring sale", status: "queued" },
        { direction: "outbound", campaign: "Spring sale", status: "sent" },
      ],
      rejectedRows: [
        { fileName: "people.csv", line: 3, cells: expect.arrayContaining(["Asha again"]) },
        { fileName: "people.csv", line: 4, cells: expect.arrayContaining(["ASHA@example.com"]) },
      ],
      webhooks: [{ parts: [{ recipient_id: waId }] }, { parts: [{ from: waId }] }],
    });
    expect(JSON.stringify(data)).not.toMatch(/Meera|919812345679/i);
  });

  test("of somebody else, or of somebody who is gone, is not there", async () => {
    const stranger = await createUser();

    for (const act of [exportPersonalData, erasePerson]) {
      await expect(act(stranger, asha)).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
    await erasePerson(userId, asha);
    await expect(exportPersonalData(userId, asha)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(erasePerson(userId, asha)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("an erased person", () => {
  test("is in no row of the account any more, and nobody else is missed", async () => {
    for (const secret of secrets) expect(await dump(userId)).toContain(secret);
    const others = await createUser();
    await createContact(others, { phone, waUserId: "IN.1" });
    const before = await dump(others);

    await erasePerson(userId, asha);

    const left = await dump(userId);
    expect(secrets.filter((secret) => left.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
    expect(left).toMatch(/Meera/);
    expect(left).toContain("wamid.meera");
    expect(await dump(others)).toBe(before);
    expect(await db.suppression.count({ where: { userId } })).toBe(1);
    expect(await db.importRejection.count({ where: { userId } })).toBe(3);
  });

  test("is found in rejected rows however the number is written there, also beside another one", async () => {
    const theirs = [
      "٩٨١٢٣٤٥٦٧٨",
      "９８１２３ ４５６７８",
      "98123 45679; 98123 45678",
      "At home: +91 98123-45678",
    ];
    const others = ["98123 45679; 98123 45670", "98123 456780 123456", "At home: 98123 45679"];
    const { id } = await importFile(
      userId,
      ["phone,name", ...theirs.map((cell) => `${cell},Asha`), ...others.map((cell) => `${cell},Meera`)].join(
        "\n",
      ),
      { mapping: { phone: "phone", name: "name", custom: {} }, duplicates: "last" },
    );
    await sql`
      INSERT INTO import_rejections ("userId", "importId", line, "isDuplicate", reason, cells)
      SELECT ${userId}, ${id}, 99, true, 'Another row', ${["٩٨١٢٣٤٥٦٧٨", "Asha"]}`;

    const { rejectedRows } = await exportPersonalData(userId, asha);
    await erasePerson(userId, asha);

    expect(rejectedRows.filter(({ cells }) => cells.includes("Meera"))).toEqual([]);
    expect(rejectedRows.filter(({ cells }) => cells.includes("Asha"))).toHaveLength(4);
    const left = await db.importRejection.findMany({
      where: { userId, importId: id },
      orderBy: { line: "asc" },
    });
    expect(left.map(({ cells }) => cells.join()).filter((cells) => !/^,+$/.test(cells))).toEqual(
      others.map((cell) => `${cell},Meera`),
    );
  });

  test("is found in the empty rows that a deletion and a merge left, by the number in WhatsApp's ids", async () => {
    const idOf = (number: string) =>
      `wamid.${Buffer.from(`\u001c${number}\u0015${crypto.randomUUID()}`).toString("base64")}`;
    const deleted = await createContact(userId, { phone: "+919812345670" });
    const other = await createContact(userId, { phone: "+919812345671" });
    const shared = await createCampaign(userId);
    const ids = { theirs: idOf(waId), others: idOf("919812345671") };
    const sent = { status: "sent", sentAt: new Date() } as const;
    await createMessage(userId, shared.id, deleted.id, { ...sent, whatsappMessageId: ids.theirs });
    await createMessage(userId, shared.id, other.id, { ...sent, whatsappMessageId: ids.others });
    await createMessage(userId, null, deleted.id, {
      ...{ direction: "inbound", status: "delivered", whatsappMessageId: idOf(waId) },
    });
    for (const { id } of [deleted, other]) await contactRepository.remove(userId, id);

    await erasePerson(userId, asha);

    const left = await db.message.findMany({
      where: { userId, campaignId: shared.id },
      orderBy: { id: "asc" },
    });
    expect(left).toMatchObject([
      { status: "sent", whatsappMessageId: `erased:${left[0]?.id}` },
      { status: "sent", whatsappMessageId: ids.others },
    ]);
    expect(await db.message.count({ where: { userId, contactId: deleted.id, direction: "inbound" } })).toBe(
      0,
    );
  });

  test("is left out of a running campaign, whose numbers stay true", async () => {
    await erasePerson(userId, asha);

    expect(await messageRepository.countByStatus(userId, campaign)).toMatchObject({ skipped: 1, queued: 0 });
    expect(await claimMessages(userId, campaign, 10)).toEqual([]);
    for (const { id } of await db.campaign.findMany({ where: { userId } })) {
      const { before, after } = await counterRepository.recount(userId, id);
      expect(before).toEqual(after);
    }
  });

  test("is not opted in by the old file, nor by writing, whatever they had agreed to", async () => {
    await erasePerson(userId, asha);

    await importFile(userId, "phone,name\n98123 45678,Asha Rao", {
      mapping: { phone: "phone", name: "name", custom: {} },
    });

    const again = await db.contact.findFirstOrThrow({ where: { userId, phone } });
    expect(again).toMatchObject({ optedIn: false, optedOutAt: expect.any(Date) });
    await erasePerson(userId, again.id);
    const { id, optedIn } = await identityRepository.recordInbound(userId, {
      waId,
      waUserId: "IN.1",
      at: new Date(),
    });
    expect({ id, optedIn }).toEqual({ id: expect.not.stringMatching(asha), optedIn: false });
    await consentRepository.set(userId, id, {
      action: "opt_in",
      source: "manual",
      wording: "Asked to come back",
    });
    expect(await contactRepository.get(userId, id)).toMatchObject({ optedIn: true });
  });

  test("is not brought back by what WhatsApp still reports of their messages, nor by what was not read yet", async () => {
    await erasePerson(userId, asha);
    const rows = await db.message.findMany({ where: { userId, contactId: asha, status: "sent" } });

    await messageRepository.record(
      userId,
      rows.map(({ id }) => report(id, "read")),
    );
    await messageRepository.rememberWaIds(
      userId,
      rows.map(({ id }) => ({ id, phone: "", waId })),
    );

    await processWebhookEvents();

    expect(rows).toHaveLength(1);
    expect(await db.message.findFirst({ where: { userId, id: rows[0]?.id ?? "" } })).toMatchObject({
      status: "read",
    });
    const left = await dump(userId);
    expect(secrets.filter((secret) => left.includes(secret))).toEqual([]);
  });

  test.each(["blankRows", "replacePayloads", "erase"] as const)(
    "is there until all is gone: one that was interrupted in %s is erased by doing it again",
    async (step) => {
      vi.spyOn(personalDataRepository, step).mockRejectedValueOnce(new Error("The server has died"));

      await expect(erasePerson(userId, asha)).rejects.toThrow("The server has died");
      expect(await contactRepository.get(userId, asha)).toMatchObject({ name: "Asha Rao" });
      await erasePerson(userId, asha);

      const left = (await dump(userId)).toLowerCase();
      expect(secrets.filter((secret) => left.includes(secret.toLowerCase()))).toEqual([]);
    },
  );

  test("leaves nothing that came while webhooks were read, also when the server dies as the entry is gone", async () => {
    const { findEvents, erase } = personalDataRepository;
    let isErased = false;
    vi.spyOn(personalDataRepository, "findEvents").mockImplementationOnce(async function* (...args) {
      const last = yield* findEvents.call(personalDataRepository, ...args);
      await plantEvent(userId, {
        payload: call({ statuses: [{ id: "wamid.asha.3", recipient_id: waId }] }),
      });
      return last;
    });
    vi.spyOn(personalDataRepository, "erase").mockImplementationOnce(async (...args) => {
      await erase.call(personalDataRepository, ...args);
      isErased = true;
      vi.spyOn(personalDataRepository, "findEvents").mockImplementation(() => {
        throw new Error("The server has died");
      });
    });

    await expect(erasePerson(userId, asha)).rejects.toThrow("The server has died");

    expect(isErased).toBe(true);
    expect(await dump(userId)).not.toContain(waId);
  });

  test("is there until a message that is on its way has arrived", async () => {
    await createMessage(userId, null, asha, { status: "sending" });

    await expect(erasePerson(userId, asha)).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await contactRepository.get(userId, asha)).toMatchObject({ name: "Asha Rao", optedIn: true });
    await messageRepository.abandonStaleOfAllTenants();
    await sql`UPDATE messages SET status = 'unknown', "claimedAt" = NULL WHERE "userId" = ${userId} AND status = 'sending'`;

    await Promise.allSettled([
      erasePerson(userId, asha),
      erasePerson(userId, asha),
      erasePerson(userId, asha),
    ]);

    expect(await contactRepository.find(userId, asha)).toBeNull();
  });
});
