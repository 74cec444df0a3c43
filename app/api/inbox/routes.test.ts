import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { authenticate } from "@/lib/auth";
import type { UserId } from "@/lib/tenant";
import type { Keys } from "@/lib/testing/sandbox";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const sandbox = await vi.hoisted(async () => {
  const { createSandbox } = await import("@/local/sandbox/sandbox");
  const listening = await createSandbox({ reviewMs: 0, speed: 0 }).listen();
  process.env.WHATSAPP_SANDBOX_URL = listening.url;
  return listening;
});

const { GET: list } = await import("@/app/api/inbox/route");
const { GET: countUnread } = await import("@/app/api/inbox/unread/route");
const { GET: open } = await import("@/app/api/inbox/[contactId]/route");
const { POST: see } = await import("@/app/api/inbox/[contactId]/seen/route");
const { POST: reply } = await import("@/app/api/inbox/[contactId]/replies/route");
const { GET: file } = await import("@/app/api/inbox/messages/[messageId]/file/route");
const { newId } = await import("@/lib/inbox/conversation");
const { uploadMedia } = await import("@/lib/media/service");
const { createContact, createMessage, createUser } = await import("@/lib/testing/factories");
const { sandboxAt } = await import("@/lib/testing/sandbox");

const { connect, ledger, ask } = sandboxAt(sandbox.url);
afterAll(() => sandbox.close());

let owner: UserId;
let keys: Keys;
beforeEach(async () => {
  owner = await createUser();
  keys = await connect(owner);
  vi.mocked(authenticate).mockResolvedValue(owner);
});

const request = (query = "", body?: object) =>
  new Request(`http://test/api/inbox${query}`, body ? { method: "POST", body: JSON.stringify(body) } : {});
const context = (params: object = {}) => ({ params: Promise.resolve(params) });

async function addWriter(content: object = { type: "text", text: { body: "Hello" } }) {
  const contact = await createContact(owner, { lastInboundAt: new Date() });
  await ask("/_sandbox/inbound", { phoneNumberId: keys.phoneNumberId, from: contact.phone });
  const message = await createMessage(owner, null, contact.id, {
    ...{ direction: "inbound", type: "text", content, status: "delivered", deliveredAt: new Date() },
  });
  return { contactId: contact.id, messageId: message.id };
}

const unread = async () => (await (await countUnread(request(), context())).json()).count;

test("an unread conversation is listed, opened, seen, answered and shown with the answer", async () => {
  const { contactId, messageId } = await addWriter();
  const params = context({ contactId });
  const listed = await (await list(request("?filter=unread&search=Asha"), context())).json();
  expect(listed.items).toMatchObject([{ contactId, isOpen: true, latest: { summary: "Hello" } }]);

  const before = await (await open(request(), params)).json();
  expect(before).toMatchObject({
    person: { id: contactId, lastInboundId: messageId, openForMs: expect.any(Number) },
    entries: { items: [{ id: messageId, content: { kind: "text", text: "Hello" } }], nextCursor: null },
  });
  expect(await unread()).toBe(1);
  expect((await see(request("", { messageId: before.person.lastInboundId }), params)).status).toBe(200);
  expect(await unread()).toBe(0);

  const draft = { kind: "free", id: newId(), text: "Good morning" };
  const answers = await Promise.all([1, 2].map(() => reply(request("", draft), context({ contactId }))));

  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(await ledger(keys, "request")).toHaveLength(1);
  const after = await (await open(request(), context({ contactId }))).json();
  expect(after.entries.items).toMatchObject([
    { direction: "inbound" },
    { id: draft.id, direction: "outbound" },
  ]);
});

describe("a conversation", () => {
  test.each<[object, string]>([
    [{ kind: "free", id: "1", text: "Hi" }, "id"],
    [{ kind: "free", id: crypto.randomUUID(), text: "Hi" }, "id"],
    [{ kind: "free", id: newId(), text: "  " }, "text"],
    [{ kind: "free", id: newId(), text: "x".repeat(4097) }, "text"],
    [{ kind: "template", id: newId(), templateId: "1", parameters: [] }, "templateId"],
    [{ kind: "template", id: newId(), templateId: newId(), parameters: [" "] }, "parameters"],
  ])("takes no reply like %j", async (body, field) => {
    const { contactId } = await addWriter();

    const response = await reply(request("", body), context({ contactId }));

    expect(response.status).toBe(422);
    expect((await response.json()).error.fields).toHaveProperty(field);
  });

  test("refuses in words what may not be sent", async () => {
    const { id: contactId } = await createContact(owner, { isBlocked: true, lastInboundAt: new Date() });
    const response = await reply(
      request("", { kind: "free", id: newId(), text: "Hi" }),
      context({ contactId }),
    );

    expect(response.status).toBe(409);
    expect((await response.json()).error.message).toContain("Unblock");
  });

  test("is not there for anybody else, nor under an id that is none", async () => {
    const { contactId, messageId } = await addWriter();
    vi.mocked(authenticate).mockResolvedValue(await createUser());

    for (const params of [{ contactId }, { contactId: "1" }]) {
      expect((await open(request(), context(params))).status).toBe(404);
      expect((await see(request("", { messageId }), context(params))).status).toBe(404);
    }
    expect((await file(request(), context({ messageId }))).status).toBe(404);
    expect((await (await list(request(), context())).json()).items).toEqual([]);
  });

  test.each(["?filter=perhaps", "?cursor=1", `?search=${"x".repeat(101)}`])(
    "a list that makes no sense: %s",
    async (query) => {
      expect((await list(request(query), context())).status).toBe(422);
    },
  );

  test("a page that begins nowhere makes no sense either", async () => {
    const { contactId } = await addWriter();

    expect((await open(request("?before=yesterday"), context({ contactId }))).status).toBe(422);
  });
});

test("a file that somebody sent is handed on so that nothing in it can run", async () => {
  const pdf = Buffer.from("%PDF-1.7 a bill");
  const { mediaId } = await uploadMedia(owner, "bill.pdf", new Blob([new Uint8Array(pdf)]).stream());
  const document = { id: mediaId, mime_type: "application/pdf", filename: "bill.pdf" };
  const { messageId } = await addWriter({ type: "document", document });

  const response = await file(request(), context({ messageId }));

  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/pdf",
    "content-disposition": "attachment; filename*=UTF-8''bill.pdf",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=3600",
  });
  expect(Buffer.from(await response.arrayBuffer())).toEqual(pdf);
});

test.each([
  ["bytes=0-3", 206, "bytes 0-3/15", "%PDF"],
  ["bytes=9-", 206, "bytes 9-14/15", "a bill"],
  ["bytes=0-1, 3-4", 200, null, "%PDF-1.7 a bill"],
  ["lines=0-1", 200, null, "%PDF-1.7 a bill"],
])(
  "of a file that is played, the part is handed on that was asked for: %j",
  async (range, status, part, text) => {
    const { mediaId } = await uploadMedia(owner, "bill.pdf", new Blob(["%PDF-1.7 a bill"]).stream());
    const { messageId } = await addWriter({ type: "document", document: { id: mediaId } });
    const asked = new Request("http://test/api/inbox", { headers: { range } });

    const response = await file(asked, context({ messageId }));

    expect([response.status, response.headers.get("content-range")]).toEqual([status, part]);
    expect(response.headers.get("accept-ranges")).toBe("bytes");
    expect(await response.text()).toBe(text);
  },
);
