import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { conditionsOf } from "@/lib/audiences/conditions";
import { audienceRepository } from "@/lib/audiences/repository";
import { campaignRepository } from "@/lib/campaigns/repository";
import { type KeptAudience, keptAudienceSchema, type Parameter } from "@/lib/campaigns/schema";
import type { Condition, Filter } from "@/lib/contact-filters/schema";
import { db } from "@/lib/db";
import { createCampaign, createContact, createMessage, createUser } from "@/lib/testing/factories";

const everybody = { tags: [], match: "any", excludeTags: [] } as const;
const inPune: Condition = { field: "custom", key: "City", match: "equals", value: "Pune" };

const launched = async (parameters: Parameter[], contacts: Parameters<typeof createContact>[1][]) => {
  const owner = await createUser();
  for (const contact of contacts) await createContact(owner, contact);
  const { id } = await createCampaign(owner, { messageContent: { parameters }, audience: everybody });
  await campaignRepository.start(owner, id, { onlyIfDue: false });
  const recipients = await audienceRepository.freeze(owner, id);
  const messages = await db.message.findMany({
    where: { userId: owner, campaignId: id },
    orderBy: { contactId: "asc" },
  });
  return { owner, id, recipients, contents: messages.map(({ content }) => content) };
};

test("freezes only people who agreed, are not blocked and can be reached", async () => {
  const { recipients } = await launched(
    ["x"],
    [{}, { optedIn: false }, { isBlocked: true }, { phone: null, waUserId: "US.1" }],
  );

  expect(recipients).toBe(1);
});

test("freezes once, however often it is run", async () => {
  const { owner, id } = await launched(["x"], [{}, {}]);
  await createContact(owner);

  expect(await audienceRepository.freeze(owner, id)).toBeNull();
  expect(await campaignRepository.get(owner, id)).toMatchObject({ totalRecipients: 2 });
});

test.each<[Parameter, Parameters<typeof createContact>[1], string]>([
  ["20%", {}, "20%"],
  [{ field: "name", fallback: "friend" }, { name: "Zoë  de\n Vries" }, "Zoë de Vries"],
  [{ field: "firstName", fallback: "friend" }, { name: " Zoë de Vries" }, "Zoë"],
  [{ field: "firstName", fallback: "friend" }, { name: null }, "friend"],
  [{ field: "name", fallback: "friend" }, { name: "   " }, "friend"],
  [{ field: "email", fallback: "none" }, { email: "zoe@example.com" }, "zoe@example.com"],
  [{ field: "metadata.city", fallback: "your city" }, { metadata: { city: "Pune" } }, "Pune"],
  [{ field: "metadata.city", fallback: "your city" }, { metadata: {} }, "your city"],
  [{ field: "metadata.city.name", fallback: "your city" }, { metadata: { "city.name": "Pune" } }, "Pune"],
])("renders %j for %j as %s", async (parameter, contact, expected) => {
  const { contents } = await launched([parameter], [contact]);

  expect(contents).toEqual([{ parameters: [expected] }]);
});

test("renders every parameter in its place, and none when the template has none", async () => {
  const contact = { name: "Zoë de Vries", metadata: { "o'clock": 'ten "sharp"' } };
  const parameters = [
    "it's\t20%",
    { field: "metadata.o'clock", fallback: "noon" },
    { field: "email", fallback: "no  address" },
    { field: "firstName", fallback: "friend" },
  ];

  expect((await launched(parameters, [contact])).contents).toEqual([
    { parameters: ["it's 20%", 'ten "sharp"', "no address", "Zoë"] },
  ]);
  expect((await launched([], [contact])).contents).toEqual([{ parameters: [] }]);
});

test.each<[Partial<KeptAudience>, number]>([
  [{ tags: ["vip", "pune"] }, 3],
  [{ tags: ["vip", "pune"], match: "all" }, 1],
  [{ tags: ["vip"], excludeTags: ["pune"] }, 1],
  [{ excludeTags: ["vip", "pune"] }, 1],
  [{}, 4],
  [{ filter: [{ field: "custom", key: "City", match: "equals", value: "Pune" }] }, 2],
  [{ tags: ["vip"], filter: [{ field: "custom", key: "City", match: "exists", value: "" }] }, 1],
  [{ segmentId: randomUUID(), segment: { name: "Pune", filter: [inPune] }, excludeTags: ["vip"] }, 1],
  // Whatever is asked, nobody who must not be messaged is in it.
  [{ filter: [{ field: "consent", is: "out" }] }, 0],
  [{ filter: [{ field: "consent", is: "none" }] }, 0],
  [{ filter: [{ field: "blocked", is: true }] }, 0],
])("counts the audience %j", async (audience, count) => {
  const owner = await createUser();
  const metadata = { City: "Pune" };
  for (const person of [
    { tags: ["vip"] },
    { tags: ["pune"], metadata },
    { tags: ["vip", "pune"], metadata },
    {},
  ])
    await createContact(owner, person);
  await createContact(owner, { tags: ["vip"], metadata, isBlocked: true });
  await createContact(owner, { tags: ["vip"], metadata, optedIn: false, optedOutAt: new Date() });
  await createContact(owner, { tags: ["vip"], metadata, optedIn: false });
  await createContact(owner, { tags: ["vip"], metadata, phone: null, waUserId: randomUUID() });
  await createContact(await createUser(), { tags: ["vip"], metadata });

  const conditions = conditionsOf(keptAudienceSchema.parse(audience)) ?? [];

  expect(await audienceRepository.count(owner, conditions)).toBe(count);
  const { id } = await createCampaign(owner, { audience });
  await campaignRepository.start(owner, id, { onlyIfDue: false });
  expect(await audienceRepository.freeze(owner, id)).toBe(count);
});

test("that is to reach who did not get another one reaches nobody once that one is deleted", async () => {
  const owner = await createUser();
  const [got, other] = [await createContact(owner), await createContact(owner)];
  const first = await createCampaign(owner, { status: "completed" });
  await createMessage(owner, first.id, got.id, { status: "sent", sentAt: new Date() });
  const notGot: Filter = [{ field: "campaign", did: "not_got", campaignId: first.id }];
  const samples = async () =>
    (await audienceRepository.preview(owner, notGot, [])).map(({ contactId }) => contactId);

  expect(await samples()).toEqual([other.id]);
  await campaignRepository.remove(owner, first.id);
  expect(await samples()).toEqual([]);
});
