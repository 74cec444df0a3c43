import { beforeEach, describe, expect, test, vi } from "vitest";
import { POST as startBulkAction } from "@/app/api/bulk-actions/route";
import { POST as block } from "@/app/api/contacts/[contactId]/block/route";
import { POST as setConsent } from "@/app/api/contacts/[contactId]/consent/route";
import { DELETE, GET as GET_ONE, PATCH } from "@/app/api/contacts/[contactId]/route";
import { GET as exportCsv } from "@/app/api/contacts/export.csv/route";
import { GET, POST } from "@/app/api/contacts/route";
import { GET as listTags } from "@/app/api/contacts/tags/route";
import { authenticate } from "@/lib/auth";
import { AppError } from "@/lib/errors";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const signIn = (userId: UserId) => vi.mocked(authenticate).mockResolvedValue(userId);
const context = (contactId = "") => ({ params: Promise.resolve({ contactId }) });
const request = (body?: unknown, query = "") =>
  new Request(
    `http://test/api/contacts${query}`,
    body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
  );

const asha = { phone: "98123 45678", name: "Asha", tags: ["VIP"], metadata: { city: "Pune" } };
const add = async (body: object = asha) => (await POST(request(body), context())).json();
const read = async (id: string) => (await GET_ONE(request(), context(id))).json();

beforeEach(async () => {
  signIn(await createUser({ defaultCountry: "IN" }));
});

describe("/api/contacts", () => {
  test("adds a person with the number in its international form", async () => {
    const response = await POST(request({ ...asha, consent: { wording: "In the shop" } }), context());

    expect(response.status).toBe(201);
    const { id } = await response.json();
    expect(await read(id)).toMatchObject({
      ...asha,
      phone: "+919812345678",
      optedIn: true,
      optInSource: "manual",
    });
    expect(
      await (await GET(request(undefined, "?search=98123&consent=in&blocked=false"), context())).json(),
    ).toMatchObject({
      items: [{ id }],
      total: { count: 1, isMore: false },
      nextCursor: null,
      previousCursor: null,
    });
    expect(await (await listTags(request(), context())).json()).toEqual([{ tag: "VIP", count: 1 }]);
  });

  test.each<[object, string, RegExp]>([
    [{ phone: "" }, "phone", /Enter a phone number/],
    [{ phone: "12" }, "phone", /too short/],
    [{ phone: "9.19E+11" }, "phone", /spreadsheet/],
    [{ ...asha, email: "asha" }, "email", /valid e-mail/],
    [{ ...asha, name: "a".repeat(300) }, "name", /200 characters/],
    [{ ...asha, name: "a\0b" }, "name", /one line/],
    [{ ...asha, tags: [""] }, "tags", /empty/],
    [{ ...asha, metadata: { Phone: "x" } }, "metadata", /built-in|Invalid/],
    [{ ...asha, metadata: { city: "\ud800" } }, "metadata", /one line/],
    [{ ...asha, consent: { wording: "x" } }, "consent", /how this person agreed/],
  ])("refuses %j beside the field %s", async (body, field, message) => {
    const response = await POST(request(body), context());

    expect(response.status).toBe(422);
    expect((await response.json()).error).toMatchObject({
      code: "INVALID",
      fields: { [field]: [expect.stringMatching(message)] },
    });
  });

  test("adds a person of whom nothing but the number is known", async () => {
    const nobody = { phone: "98123 45678", name: null, email: null, tags: [], metadata: {}, consent: null };

    expect((await POST(request(nobody), context())).status).toBe(201);
  });

  test("refuses a number twice, however it is written", async () => {
    await add();

    const response = await POST(request({ ...asha, phone: "+91-98123-45678" }), context());

    expect(response.status).toBe(409);
    expect((await response.json()).error.fields.phone[0]).toContain("already among your contacts: Asha");
  });

  test("refuses a query that makes no sense", async () => {
    expect((await GET(request(undefined, "?consent=perhaps"), context())).status).toBe(422);
    expect((await GET(request(undefined, "?cursor=1"), context())).status).toBe(422);
  });

  test.each([
    "filter=",
    "filter=nonsense",
    "filter=null",
    "filter={}",
    'filter={"field":"blocked","is":true}',
    'filter=["blocked"]',
    'filter=[{"field":"blocked"}]',
    'filter=[{"field":"an older one","is":"VIP"}]',
    'filter=[{"field":"tags","match":"any","tags":[]}]',
    "consent=perhaps",
    "blocked=perhaps",
    "import=1",
    "tag=",
  ])("lists and exports nobody for %s", async (query) => {
    await add();

    for (const GET_ALL of [GET, exportCsv]) {
      const response = await GET_ALL(request(undefined, `?${query}`), context());
      expect(response.status).toBe(422);
      expect(await response.text()).not.toContain("Asha");
    }
  });

  test("exports nobody for a condition under a name that is none", async () => {
    await add();

    expect((await exportCsv(request(undefined, "?filters=[]"), context())).status).toBe(422);
  });

  test.each([
    {},
    { filter: null },
    { filter: {} },
    { filter: "[]" },
    { filter: [null] },
    { filter: [{ field: "an older one", is: "VIP" }] },
    { filter: [], ids: [] },
    { filters: [{ field: "blocked", is: true }] },
    { ids: [] },
    { ids: ["everybody"] },
  ])("does nothing to anybody for the selection %j", async (selection) => {
    const { id } = await add();

    const response = await startBulkAction(request({ kind: "block", selection }), context());

    expect(response.status).toBe(422);
    expect(await read(id)).toMatchObject({ isBlocked: false });
  });

  test("wants a session", async () => {
    vi.mocked(authenticate).mockRejectedValue(new AppError("UNAUTHENTICATED", "Sign in first"));

    expect((await GET(request(), context())).status).toBe(401);
  });
});

describe("/api/contacts/:id", () => {
  test("changes what is sent and nothing else", async () => {
    const { id } = await add();

    expect((await PATCH(request({ name: "Asha R.", email: "" }), context(id))).status).toBe(200);

    expect(await read(id)).toMatchObject({ ...asha, phone: "+919812345678", name: "Asha R.", email: null });
  });

  test("refuses a number that somebody else has, and one that is none", async () => {
    await add();
    const { id } = await add({ ...asha, phone: "9812345679" });

    expect((await PATCH(request({ phone: "9812345678" }), context(id))).status).toBe(409);
    expect((await PATCH(request({ phone: "0" }), context(id))).status).toBe(422);
  });

  test("opts out, blocks and deletes", async () => {
    const { id } = await add({ ...asha, consent: { wording: "In the shop" } });

    expect((await setConsent(request({ action: "opt_out" }), context(id))).status).toBe(200);
    expect((await block(request({ blocked: true, reason: "Rude" }), context(id))).status).toBe(200);
    expect(await read(id)).toMatchObject({ optedIn: false, isBlocked: true, blockedReason: "Rude" });
    expect((await setConsent(request({ action: "opt_in", wording: "" }), context(id))).status).toBe(422);
    expect((await setConsent(request({ action: "opt_in", wording: "Called us" }), context(id))).status).toBe(
      200,
    );
    expect((await block(request({ blocked: false }), context(id))).status).toBe(200);
    expect(await read(id)).toMatchObject({ optedIn: true, isBlocked: false, blockedReason: null });
    expect((await DELETE(request(), context(id))).status).toBe(200);
    expect((await GET_ONE(request(), context(id))).status).toBe(404);
  });

  test("is not there for a stranger, nor under an id that is none", async () => {
    const { id } = await add();
    const before = await read(id);
    const owner = await vi.mocked(authenticate)();
    signIn(await createUser());

    for (const someId of [id, "nonsense", "01a202d0-53b8-7a9f-a935-a0f4634f6d87"]) {
      for (const response of [
        await GET_ONE(request(), context(someId)),
        await PATCH(request({ name: "Mine" }), context(someId)),
        await setConsent(request({ action: "opt_out" }), context(someId)),
        await block(request({ blocked: true }), context(someId)),
        await DELETE(request(), context(someId)),
      ]) {
        expect(response.status).toBe(404);
      }
    }
    signIn(owner);
    expect(await read(id)).toEqual(before);
  });
});
