import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { sql, transaction } from "@/lib/db";
import { type Entry, newId } from "@/lib/inbox/conversation";
import { inboxRepository } from "@/lib/inbox/repository";
import type { UserId } from "@/lib/tenant";
import {
  createCampaign,
  createContact,
  createMessage,
  createTemplate,
  createUser,
} from "@/lib/testing/factories";

let owner: UserId;
beforeEach(async () => {
  owner = await createUser();
});

type Person = Parameters<typeof createContact>[1];
const addPerson = (hoursAgo: number | null = 1, overrides: Person = {}) =>
  createContact(owner, {
    lastInboundAt: hoursAgo === null ? null : new Date(Date.now() - hoursAgo * 3_600_000),
    ...overrides,
  });

const say = (contactId: string, body: string, overrides: Parameters<typeof createMessage>[3] = {}) =>
  createMessage(owner, null, contactId, {
    direction: "inbound",
    type: "text",
    content: { type: "text", text: { body } },
    status: "delivered",
    deliveredAt: new Date(),
    ...overrides,
  });

async function addWriter(body = "Hello", hoursAgo = 1, overrides: Person = {}) {
  const person = await addPerson(hoursAgo, overrides);
  const message = await say(person.id, body);
  return { ...person, message };
}

const list = (query: object = {}) =>
  inboxRepository.list(owner, { filter: "all", search: "", ...query } as Parameters<
    typeof inboxRepository.list
  >[1]);
const found = async (query: object = {}) => (await list(query)).items.map(({ contactId }) => contactId);

describe("the list", () => {
  test("has everybody who wrote, whoever wrote last first, with what was said last", async () => {
    await addPerson(null);
    const asha = await addWriter("Do you have oats?", 30);
    const ravi = await addWriter("Hi");
    await createMessage(owner, null, ravi.id, {
      content: { text: "Hi Ravi" },
      status: "read",
      sentAt: new Date(),
    });
    await createMessage(owner, null, ravi.id, { content: { text: "Planned only" }, status: "queued" });

    expect((await list()).items).toMatchObject([
      {
        contactId: ravi.id,
        isOpen: true,
        isUnread: true,
        latest: { direction: "outbound", summary: "Hi Ravi" },
      },
      { contactId: asha.id, isOpen: false, latest: { direction: "inbound", summary: "Do you have oats?" } },
    ]);
  });

  test("leaves out who was deleted, and what others have", async () => {
    const gone = await addWriter();
    await sql`UPDATE contacts SET "deletedAt" = now() WHERE "userId" = ${owner} AND "id" = ${gone.id}`;

    expect(await found()).toEqual([]);
    expect(await inboxRepository.countUnread(owner)).toBe(0);
    expect((await inboxRepository.list(await createUser(), { filter: "all", search: "" })).items).toEqual([]);
  });

  test("comes in pages that neither repeat nor miss anybody while others write", async () => {
    const people = [];
    for (let index = 0; index < 45; index++) people.push(await addWriter(`Number ${index}`));
    const first = await list();
    await addWriter("Just now");

    const second = await list({ cursor: first.nextCursor });

    expect(first.items).toHaveLength(30);
    expect(second.nextCursor).toBeNull();
    expect([...first.items, ...second.items].map(({ contactId }) => contactId)).toEqual(
      people.map(({ id }) => id).reverse(),
    );
  });

  test("keeps what was said when two records of one person become one", async () => {
    const [kept, other] = [await addWriter("First"), await addPerson()];
    await inboxRepository.see(owner, kept.id, kept.message.id);
    const later = await say(other.id, "Second");

    await sql`UPDATE messages SET "contactId" = ${kept.id} WHERE "userId" = ${owner} AND "id" = ${later.id}`;
    await sql`DELETE FROM contacts WHERE "userId" = ${owner} AND "id" = ${other.id}`;

    expect((await list()).items).toMatchObject([
      { contactId: kept.id, isUnread: true, latest: { summary: "Second" } },
    ]);
  });
});

describe("what is unread", () => {
  test("is read as far as the owner has seen, whatever came meanwhile", async () => {
    const asha = await addWriter();
    const later = await say(asha.id, "And another thing");

    await inboxRepository.see(owner, asha.id, asha.message.id);
    expect(await found({ filter: "unread" })).toEqual([asha.id]);
    await inboxRepository.see(owner, asha.id, later.id);
    expect(await found({ filter: "unread" })).toEqual([]);
    await inboxRepository.see(owner, asha.id, asha.message.id);

    expect(await inboxRepository.countUnread(owner)).toBe(0);
  });

  test("cannot be seen before it is there", async () => {
    const asha = await addWriter();

    await inboxRepository.see(owner, asha.id, "ffffffff-ffff-7fff-bfff-ffffffffffff");
    await say(asha.id, "Later");

    expect(await inboxRepository.countUnread(owner)).toBe(1);
  });

  test("is also what was marked as unread, until it is seen again", async () => {
    const asha = await addWriter();
    await inboxRepository.see(owner, asha.id, asha.message.id);

    await inboxRepository.see(owner, asha.id, null);
    expect(await inboxRepository.countUnread(owner)).toBe(1);
    await inboxRepository.see(owner, asha.id, asha.message.id);

    expect(await inboxRepository.countUnread(owner)).toBe(0);
  });

  test("is told of nobody who never wrote", async () => {
    const { id } = await addPerson(null);

    await expect(inboxRepository.see(owner, id, null)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

test("finds who may still be answered", async () => {
  const open = await addWriter("Hi", 23.9);
  await addWriter("Hi", 24.1);
  await addWriter("Hi", 24.1, { lastInboundAt: null });

  expect(await found({ filter: "open" })).toEqual([open.id]);
});

describe("a search", () => {
  test.each([
    ["a name in any case", "asha", true],
    ["a part of the address", "rao@exa", true],
    ["a number as people write it", "(900) 555-12", true],
    ["what they wrote", "gluten", true],
    ["what was answered", "sourdough", true],
    ["the label of a button", "yes, please", true],
    ["nothing by a wildcard", "%", false],
    ["nothing by another one", "Ash_", false],
    ["nothing by a name of the format", "body", false],
    ["nothing by what is only planned", "secret plan", false],
    ["nothing by what is nowhere", "nobody", false],
  ])("finds by %s", async (_, search, isFound) => {
    const asha = await addWriter("Is it gluten-free?", 1, {
      name: "Asha Rao",
      phone: `+1900555120${Math.floor(Math.random() * 10)}`,
      email: "a.rao@example.com",
    });
    await say(asha.id, "", { content: { type: "button", button: { text: "Yes, please", payload: "YES" } } });
    await createMessage(owner, null, asha.id, { content: { text: "Try the sourdough" }, status: "sent" });
    await createMessage(owner, null, asha.id, { content: { text: "Secret plan" }, status: "queued" });
    await addWriter("Good morning", 1, { name: "Ravi Iyer" });

    expect(await found({ search })).toEqual(isFound ? [asha.id] : []);
  });
});

describe("a conversation", () => {
  const entries = async (contactId: string) => (await inboxRepository.listEntries(owner, contactId)).items;
  const texts = (items: Entry[]) =>
    items.map(({ content }) =>
      "text" in content ? content.text : content.kind === "template" && content.template.body,
    );
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 10, minute));

  test("is in the order in which it was said, not stored", async () => {
    const { id } = await addPerson();
    const campaign = await createCampaign(owner, {
      templateSnapshot: { components: [{ type: "BODY", text: "Hi {{1}}" }] },
    });
    await createMessage(owner, campaign.id, id, { status: "sent", sentAt: at(3) });
    await say(id, "Before", { deliveredAt: at(1) });
    await say(id, "After", { deliveredAt: at(4) });
    await createMessage(owner, null, id, { content: { text: "Refused" }, status: "failed", failedAt: at(5) });
    await createMessage(owner, null, id, { content: { text: "Never said" }, status: "skipped" });

    const items = await entries(id);

    expect(texts(items)).toEqual(["Before", "Hi Asha", "After", "Refused"]);
    expect(items[1]).toMatchObject({ campaign: { id: campaign.id, name: "Spring sale" }, answered: null });
  });

  test("comes in pages from the end", async () => {
    const { id } = await addPerson();
    for (let index = 0; index < 120; index++) await say(id, String(index), { deliveredAt: at(index / 10) });
    const pages: Entry[][] = [];
    let before: Parameters<typeof inboxRepository.listEntries>[2];
    for (;;) {
      const { items, nextCursor } = await inboxRepository.listEntries(owner, id, before);
      pages.unshift(items);
      if (!nextCursor) break;
      const [instant = "", messageId = ""] = nextCursor.split("_");
      before = { at: new Date(instant), id: messageId };
    }

    expect(pages.map(({ length }) => length)).toEqual([20, 50, 50]);
    expect(texts(pages.flat())).toEqual(Array.from({ length: 120 }, (_, index) => String(index)));
  });

  test("says which campaign somebody answered: the one they quoted, or else the last before", async () => {
    const { id } = await addPerson();
    const [first, second] = [
      await createCampaign(owner, { name: "First" }),
      await createCampaign(owner, { name: "Second" }),
    ];
    const whatsappMessageId = `wamid.${randomUUID()}`;
    await say(id, "Nothing yet", { deliveredAt: at(0) });
    await createMessage(owner, first.id, id, { status: "sent", sentAt: at(1), whatsappMessageId });
    await createMessage(owner, second.id, id, { status: "sent", sentAt: at(2) });
    const quoting = { type: "text", text: { body: "The first" }, context: { id: whatsappMessageId } };
    await say(id, "", { deliveredAt: at(3), content: quoting });
    await say(id, "Whichever", { deliveredAt: at(4) });
    const foreign = await createContact(await createUser());
    await say(id, "", {
      deliveredAt: at(5),
      content: { ...quoting, context: { id: `wamid.${foreign.id}` } },
    });

    const items = (await entries(id)).filter(({ direction }) => direction === "inbound");

    expect(items.map(({ answered }) => answered)).toEqual([
      null,
      { id: first.id, name: "First", isQuoted: true },
      { id: second.id, name: "Second", isQuoted: false },
      { id: second.id, name: "Second", isQuoted: false },
    ]);
  });
});

describe("a reply", () => {
  const claim = (contactId: string, templateId: string | null = null, id = newId()) =>
    inboxRepository.claimReply(owner, contactId, { id, type: "text", content: { text: "Hi" }, templateId });
  const template = async (category: "marketing" | "utility", status: "approved" | "paused" = "approved") =>
    (await createTemplate(owner, { category, status })).id;

  const optedOut = { optedIn: false, optedOutAt: new Date() };
  const notAsked = { optedIn: false };

  test.each<[string, number | null, Person, "marketing" | "utility" | null, RegExp | null]>([
    ["a text within 24 hours", 23.9, {}, null, null],
    ["a text after 24 hours", 24.1, {}, null, /24 hours/],
    ["a text to somebody who never wrote", null, {}, null, /24 hours/],
    ["a text to somebody who opted out and wrote", 1, optedOut, null, null],
    ["a text to somebody blocked", 1, { isBlocked: true }, null, /blocked/],
    ["marketing to somebody who agreed", 30, {}, "marketing", null],
    ["marketing to somebody who was not asked", 1, notAsked, "marketing", /not agreed to marketing/],
    ["marketing to somebody who opted out", 1, optedOut, "marketing", /opted out/],
    ["a utility template to somebody who was not asked", 30, notAsked, "utility", null],
    ["a utility template to somebody who opted out", 1, optedOut, "utility", /opted out/],
    ["a template to somebody blocked", 1, { isBlocked: true }, "utility", /blocked/],
  ])("%s", async (_, hoursAgo, person, category, refusal) => {
    const { id } = await addPerson(hoursAgo, person);

    const { addressee, reason } = await claim(id, category && (await template(category)));

    if (refusal) expect([addressee, reason]).toEqual([null, expect.stringMatching(refusal)]);
    else expect([addressee, reason]).toEqual([expect.objectContaining({ phone: expect.any(String) }), null]);
    expect((await inboxRepository.listEntries(owner, id)).items).toHaveLength(refusal ? 0 : 1);
  });

  test("with a template that is paused meanwhile is refused", async () => {
    const { id } = await addPerson();

    expect(await claim(id, await template("utility", "paused"))).toMatchObject({
      reason: expect.stringContaining("not approved any more"),
    });
  });

  test("is written down by exactly one of many who come with the same id", async () => {
    const { id } = await addPerson();
    const reply = newId();

    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(id, null, reply)));

    expect(claims.filter(({ addressee }) => addressee)).toHaveLength(1);
    expect(claims.every(({ reason }) => reason === null)).toBe(true);
    expect(await inboxRepository.findReply(owner, id, reply)).toMatchObject({ status: "sending" });
  });

  test("waits for an opt-out or a block that is just being written, and obeys it", async () => {
    const { id } = await addPerson(30);
    const marketing = await template("marketing");
    let claimed: ReturnType<typeof claim> | undefined;

    await transaction(async (run) => {
      await run`
        UPDATE contacts SET "optedIn" = false, "optedOutAt" = now() WHERE "userId" = ${owner} AND "id" = ${id}`;
      claimed = claim(id, marketing);
      await waitForLock();
    });

    expect(await claimed).toMatchObject({ addressee: null, reason: expect.stringContaining("opted out") });
  });

  test("leaves an id alone that another account has", async () => {
    const stranger = await createUser();
    const [theirs, mine] = [await createContact(stranger), await addPerson()];
    const message = await createMessage(stranger, null, theirs.id);

    expect(await claim(mine.id, null, message.id)).toEqual({ addressee: null, reason: null });
    expect(await inboxRepository.findReply(owner, mine.id, message.id)).toBeNull();
  });

  test("outside a window counts against the messaging limit, while there is one", async () => {
    const initiated = async () => {
      const [row] = await sql<{ count: number }>`
        SELECT count("initiatedAt")::int AS count FROM messages WHERE "userId" = ${owner}`;
      return row?.count;
    };
    const [away, here] = [await addPerson(30), await addPerson(1)];
    const utility = await template("utility");
    await claim(away.id, utility);
    expect(await initiated()).toBe(0);
    await sql`INSERT INTO lanes ("userId", "messagingLimit") VALUES (${owner}, 250)`;

    await claim(here.id, utility);
    await claim(away.id, utility);

    expect(await initiated()).toBe(1);
  });

  /** Until a claim of this owner stands still behind a lock. */
  const waitForLock = async () => {
    for (;;) {
      const waiting = await sql`
        SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%WITH person AS%'`;
      if (waiting.length > 0) return;
    }
  };
});
