import { beforeAll, describe, expect, test } from "vitest";
import { contactFilterRepository } from "@/lib/contact-filters/repository";
import type { Condition, Filter } from "@/lib/contact-filters/schema";
import { contactListRepository } from "@/lib/contact-lists/repository";
import { sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createContact, createMessage, createUser } from "@/lib/testing/factories";

let userId: UserId;
let campaignId: string;
let importId: string;

const daysAgo = (days: number) => new Date(Date.now() - days * 24 * 60 * 60 * 1000);

/** An id as it would have been made that long ago. */
async function idOf(days: number) {
  const [row] = await sql<{ id: string }>`
    SELECT overlay(uuid_v7()::text PLACING left(uuid_v7_floor(${daysAgo(days)})::text, 18) FROM 1 FOR 18) AS id`;
  return row?.id ?? "";
}

async function namesOf(filter: Filter): Promise<(string | null)[]> {
  const { items } = await contactListRepository.page(userId, { filter });
  expect(await contactFilterRepository.countAll(userId, filter)).toBe(items.length);
  expect(await contactFilterRepository.count(userId, filter)).toEqual({ count: items.length, isMore: false });
  return items.map(({ name }) => name).sort();
}

beforeAll(async () => {
  userId = await createUser({ timeZone: "Pacific/Auckland" });
  const [file] = await sql<{ id: string }>`
    INSERT INTO imports ("userId", "fileName") VALUES (${userId}, 'people.csv') RETURNING id`;
  importId = file?.id ?? "";
  campaignId = (await createCampaign(userId, { status: "completed", startedAt: daysAgo(60) })).id;
  const asha = await createContact(userId, {
    ...{ name: "Asha Rao", phone: "+919812345678", email: "asha@example.com" },
    ...{ tags: ["VIP", "Pune, old"], metadata: { City: "Pune", 'He said "hi"': "100%" } },
    ...{ optInSource: "csv", importId, lastInboundAt: daysAgo(2) },
  });
  const bo = await createContact(userId, {
    ...{ name: "Bo Li", phone: "+12025550123", optedIn: false, optedOutAt: new Date(), tags: ["vip"] },
    lastInboundAt: daysAgo(90),
  });
  await createContact(userId, {
    ...{ name: "Chen", phone: "+4915123456789", optedIn: false, isBlocked: true, metadata: { City: "Köln" } },
    id: await idOf(400),
  });
  await createContact(userId, { name: "Gone", deletedAt: new Date(), tags: ["VIP"] });
  await createMessage(userId, campaignId, asha.id, { status: "read", sentAt: daysAgo(3) });
  await createMessage(userId, campaignId, bo.id, { status: "sent", sentAt: daysAgo(60) });
  const stranger = await createUser();
  await createContact(stranger, { name: "Asha Rao", tags: ["VIP"], metadata: { City: "Pune" } });
});

const cases: [Condition, string[]][] = [
  [{ field: "consent", is: "in" }, ["Asha Rao"]],
  [{ field: "consent", is: "out" }, ["Bo Li"]],
  [{ field: "consent", is: "none" }, ["Chen"]],
  [{ field: "blocked", is: true }, ["Chen"]],
  [{ field: "blocked", is: false }, ["Asha Rao", "Bo Li"]],
  [{ field: "tags", match: "any", tags: ["VIP", "vip"] }, ["Asha Rao", "Bo Li"]],
  [{ field: "tags", match: "all", tags: ["VIP", "Pune, old"] }, ["Asha Rao"]],
  [{ field: "tags", match: "all", tags: ["VIP", "vip"] }, []],
  [{ field: "tags", match: "none", tags: ["VIP"] }, ["Bo Li", "Chen"]],
  [{ field: "tags", match: "none", tags: ["VIP", "vip"] }, ["Chen"]],
  [{ field: "source", sources: ["csv", "api"] }, ["Asha Rao"]],
  [{ field: "calling_code", codes: ["1", "49"] }, ["Bo Li", "Chen"]],
  [{ field: "calling_code", codes: ["9"] }, ["Asha Rao"]],
  [{ field: "calling_code", codes: ["99"] }, []],
  [{ field: "created", period: { when: "within", days: 30 } }, ["Asha Rao", "Bo Li"]],
  [{ field: "created", period: { when: "not_within", days: 30 } }, ["Chen"]],
  [{ field: "created", period: { when: "between", from: null, to: "2020-01-01" } }, []],
  [{ field: "last_message", period: { when: "within", days: 30 } }, ["Asha Rao"]],
  [{ field: "last_message", period: { when: "not_within", days: 30 } }, ["Bo Li", "Chen"]],
  [
    { field: "last_message", period: { when: "between", from: null, to: "2999-01-01" } },
    ["Asha Rao", "Bo Li"],
  ],
  [{ field: "last_reply", period: { when: "within", days: 7 } }, ["Asha Rao"]],
  [{ field: "last_reply", period: { when: "not_within", days: 7 } }, ["Bo Li", "Chen"]],
  [{ field: "last_reply", period: { when: "between", from: "2020-01-01", to: null } }, ["Asha Rao", "Bo Li"]],
  [{ field: "custom", key: "City", match: "equals", value: "Pune" }, ["Asha Rao"]],
  [{ field: "custom", key: "City", match: "contains", value: "ÖL" }, ["Chen"]],
  [{ field: "custom", key: 'He said "hi"', match: "contains", value: "%" }, ["Asha Rao"]],
  [{ field: "custom", key: "City", match: "contains", value: "%" }, []],
  [{ field: "custom", key: 'He said "hi"', match: "exists", value: "" }, ["Asha Rao"]],
  [{ field: "custom", key: "City", match: "missing", value: "" }, ["Bo Li"]],
  [{ field: "search", text: "RAO" }, ["Asha Rao"]],
  [{ field: "search", text: "rao asha" }, ["Asha Rao"]],
  [{ field: "search", text: "asha@" }, ["Asha Rao"]],
  [{ field: "search", text: "098123 45" }, ["Asha Rao"]],
  [{ field: "search", text: "+49 151" }, ["Chen"]],
  [{ field: "search", text: "köln" }, ["Chen"]],
  [{ field: "search", text: "b" }, ["Bo Li"]],
  [{ field: "search", text: "li" }, []],
  [{ field: "search", text: "%" }, []],
];

describe("a filter", () => {
  test.each(cases)("%j means whom it says", async (condition, names) => {
    expect(await namesOf([condition])).toEqual(names);
  });

  test("knows who got a campaign, and who has written since", async () => {
    const campaign = (did: Extract<Condition, { field: "campaign" }>["did"]) =>
      namesOf([{ field: "campaign", did, campaignId }]);

    expect(await campaign("got")).toEqual(["Asha Rao", "Bo Li"]);
    expect(await campaign("not_got")).toEqual(["Chen"]);
    expect(await campaign("replied")).toEqual(["Asha Rao"]);
    expect(await campaign("not_replied")).toEqual(["Bo Li", "Chen"]);
  });

  test("knows whom an import created", async () => {
    expect(await namesOf([{ field: "imported", importId }])).toEqual(["Asha Rao"]);
  });

  test("means everybody without conditions, and only those who meet all of several", async () => {
    expect(await namesOf([])).toEqual(["Asha Rao", "Bo Li", "Chen"]);
    expect(
      await namesOf([
        { field: "last_reply", period: { when: "between", from: "2020-01-01", to: null } },
        { field: "consent", is: "out" },
      ]),
    ).toEqual(["Bo Li"]);
  });

  test("takes a day to be one of the account's time zone", async () => {
    const [row] = await sql<{ day: string }>`
      SELECT to_char("lastInboundAt" AT TIME ZONE 'Pacific/Auckland', 'YYYY-MM-DD') AS day
      FROM contacts WHERE "userId" = ${userId} AND name = 'Bo Li'`;
    const day = row?.day ?? "";

    expect(await namesOf([{ field: "last_reply", period: { when: "between", from: day, to: day } }])).toEqual(
      ["Bo Li"],
    );
  });
});

test("a count is exact up to 10,000 and says when there are more", async () => {
  const many = await createUser();
  await sql`INSERT INTO contacts ("userId", phone)
    SELECT ${many}, '+9198' || (10000000 + n) FROM generate_series(1, 10000) AS n`;
  expect(await contactFilterRepository.count(many, [])).toEqual({ count: 10_000, isMore: false });

  await createContact(many);

  expect(await contactFilterRepository.count(many, [])).toEqual({ count: 10_000, isMore: true });
});
