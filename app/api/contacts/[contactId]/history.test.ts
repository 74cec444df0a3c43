import Papa from "papaparse";
import { beforeEach, expect, test, vi } from "vitest";
import { GET as download } from "@/app/api/contacts/[contactId]/consent.csv/route";
import { GET as timeline } from "@/app/api/contacts/[contactId]/timeline/route";
import { authenticate } from "@/lib/auth";
import { consentRepository } from "@/lib/consent/repository";
import { db } from "@/lib/db";
import type { UserId } from "@/lib/tenant";
import { createContact, createMessage, createUser } from "@/lib/testing/factories";
import { importFile } from "@/lib/testing/imports";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const context = (contactId: string) => ({ params: Promise.resolve({ contactId }) });
const request = (query = "") => new Request(`http://test/api/contacts/history${query}`);

let userId: UserId;
beforeEach(async () => {
  userId = await createUser({ defaultCountry: "IN", email: `owner-${crypto.randomUUID()}@example.com` });
  vi.mocked(authenticate).mockResolvedValue(userId);
});

test("the timeline is handed out page by page", async () => {
  const { id } = await createContact(userId);
  for (let number = 0; number < 31; number += 1)
    await createMessage(userId, null, id, { status: "sent", content: { text: `number ${number}` } });

  const first = await (await timeline(request(), context(id))).json();
  const second = await (await timeline(request(`?before=${first.nextCursor}`), context(id))).json();

  expect(first.items).toHaveLength(30);
  expect(first.items[0]).toMatchObject({ kind: "message", summary: "number 30" });
  expect(second).toMatchObject({ items: [{ summary: "number 0" }], nextCursor: null });
  expect((await timeline(request("?before=1"), context(id))).status).toBe(422);
});

test("the proof of consent says who, when, how, in which words, from which line, and nothing in it is a formula", async () => {
  await importFile(userId, "phone,name\n98123 45678,=cmd()", {
    ...{ mapping: { phone: "phone", name: "name", custom: {} }, consentStatement: "Signed, at the counter" },
  });
  const { id } = await db.contact.findFirstOrThrow({ where: { userId } });
  const at = new Date(Date.now() + 7_200_000);
  await db.contact.update({ where: { userId, id }, data: { optedInAt: new Date("2025-01-01") } });
  await consentRepository.set(userId, id, { action: "opt_out", source: "keyword", wording: '-1+"STOP"', at });

  const response = await download(request(), context(id));

  expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const [header, ...rows] = Papa.parse<string[]>((await response.text()).replace(/^\ufeff/, "").trim()).data;
  const { email } = await db.user.findUniqueOrThrow({ where: { id: userId } });
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(header).toEqual([
    ...["Name", "Phone", "What", "How", "Words", "Said at (UTC)", "Recorded at (UTC)", "Recorded by"],
    ...["File", "Line in the file"],
  ]);
  const who = ["'=cmd()", "+919812345678"];
  expect(rows).toEqual([
    [...who, "Opted out", "by message", `'-1+"STOP"`, instant, instant, "WhatsApp", "", ""],
    [...who, "Opted in", "by import", "Signed, at the counter", "", instant, email, "people.csv", "2"],
  ]);
});

test("neither is there for a stranger, nor under an id that is none", async () => {
  const { id } = await createContact(await createUser());

  for (const someId of [id, "nonsense", crypto.randomUUID()])
    for (const handle of [timeline, download])
      expect((await handle(request(), context(someId))).status).toBe(404);
});
