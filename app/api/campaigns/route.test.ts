import { describe, expect, test, vi } from "vitest";
import { POST as preview } from "@/app/api/campaigns/audience/route";
import { GET, POST } from "@/app/api/campaigns/route";
import { authenticate } from "@/lib/auth";
import { campaignRepository } from "@/lib/campaigns/repository";
import type { Filter } from "@/lib/contact-filters/schema";
import { AppError } from "@/lib/errors";
import { segmentRepository } from "@/lib/segments/repository";
import { createCampaign, createContact, createTemplate, createUser } from "@/lib/testing/factories";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));
vi.mock("@/inngest/client", () => ({ inngest: { send: vi.fn(async () => ({ ids: [] })) } }));

const context = { params: Promise.resolve({}) };

const post = (route: typeof POST, body: unknown) =>
  route(new Request("http://test/api/campaigns", { method: "POST", body: JSON.stringify(body) }), context);

async function signIn() {
  const userId = await createUser();
  vi.mocked(authenticate).mockResolvedValue(userId);
  return userId;
}

const everybody = { tags: [], match: "any", excludeTags: [] };

async function draftFor(userId: Awaited<ReturnType<typeof signIn>>) {
  const { id: templateId } = await createTemplate(userId);
  return { name: "Spring sale", templateId, messageContent: { parameters: ["Asha"] }, audience: everybody };
}

describe("POST /api/campaigns", () => {
  test("creates a draft", async () => {
    const userId = await signIn();
    const input = await draftFor(userId);

    const response = await post(POST, { ...input, status: "processing", userId: crypto.randomUUID() });

    expect(response.status).toBe(201);
    const { id } = await response.json();
    expect(await campaignRepository.get(userId, id)).toMatchObject({
      name: "Spring sale",
      status: "draft",
      template: { id: input.templateId },
    });
  });

  test.each([
    ["no", []],
    ["too many", ["Asha", "20%"]],
  ])("refuses %s values for a template with one variable", async (_, parameters) => {
    const userId = await signIn();

    const response = await post(POST, { ...(await draftFor(userId)), messageContent: { parameters } });

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      error: { fields: { messageContent: [expect.any(String)] } },
    });
    expect((await campaignRepository.list(userId)).items).toEqual([]);
  });

  test("refuses a template that campaigns cannot send", async () => {
    const userId = await signIn();
    const { id: templateId } = await createTemplate(userId, {
      components: [
        { type: "HEADER", format: "LOCATION" },
        { type: "BODY", text: "Hi {{1}}", example: { body_text: [["Asha"]] } },
      ],
    });

    const response = await post(POST, { ...(await draftFor(userId)), templateId });

    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: { fields: { templateId: [expect.any(String)] } } });
  });

  test("does not know another account's template", async () => {
    const { templateId } = await draftFor(await createUser());
    const userId = await signIn();

    const response = await post(POST, { ...(await draftFor(userId)), templateId });

    expect(response.status).toBe(404);
    expect((await campaignRepository.list(userId)).items).toEqual([]);
  });

  test("takes a segment by its id alone, and not one of another account or a deleted one", async () => {
    const filter: Filter = [{ field: "tags", match: "any", tags: ["vip"] }];
    const foreign = await segmentRepository.create(await createUser(), { name: "VIPs", filter });
    const userId = await signIn();
    const own = await segmentRepository.create(userId, { name: "VIPs", filter });
    const draft = await draftFor(userId);
    const withSegment = (segmentId: string) => ({
      ...draft,
      audience: { ...everybody, segmentId },
    });

    const refused = await post(POST, withSegment(foreign.id));
    const uncounted = await post(preview, withSegment(foreign.id));
    const created = await post(POST, withSegment(own.id));

    expect([refused.status, uncounted.status, created.status]).toEqual([422, 404, 201]);
    expect((await refused.json()).error.fields).toEqual({
      audience: ["The segment was deleted. Choose whom it goes to."],
    });
    const { items } = await campaignRepository.list(userId);
    expect(items).toHaveLength(1);
    const { audience } = await campaignRepository.get(userId, items[0]?.id ?? "");
    expect(audience).toEqual({ ...everybody, segmentId: own.id, filter: [] });
  });

  test.each<object>([
    { filters: [{ field: "blocked", is: false }] },
    { tag: ["vip"] },
    { segment: { name: "Mine", filter: [] } },
  ])("never takes an audience that it does not understand for everybody: %j", async (misspelled) => {
    const userId = await signIn();
    const draft = { ...(await draftFor(userId)), audience: { ...everybody, ...misspelled } };

    const refused = await post(POST, draft);
    const uncounted = await post(preview, draft);

    expect([refused.status, uncounted.status]).toEqual([422, 422]);
    expect(Object.keys((await refused.json()).error.fields)).toEqual(["audience"]);
    expect((await campaignRepository.list(userId)).items).toEqual([]);
  });

  test("names every field that is wrong", async () => {
    await signIn();

    const response = await post(POST, {
      name: " ",
      templateId: "x",
      messageContent: {},
      audience: { match: "?" },
    });

    expect(response.status).toBe(422);
    const { error } = await response.json();
    expect(Object.keys(error.fields).sort()).toEqual(["audience", "name", "templateId"]);
  });

  test("asks who is there first", async () => {
    vi.mocked(authenticate).mockRejectedValue(new AppError("UNAUTHENTICATED", "Sign in first"));

    expect((await post(POST, {})).status).toBe(401);
  });
});

describe("GET /api/campaigns", () => {
  test("lists the account's own, by status", async () => {
    await createCampaign(await createUser());
    const userId = await signIn();
    const { id } = await createCampaign(userId);
    await createCampaign(userId, { status: "completed" });

    const response = await GET(new Request("http://test/api/campaigns?status=draft"), context);

    expect((await response.json()).items).toMatchObject([{ id, status: "draft" }]);
  });

  test("refuses a status that does not exist", async () => {
    await signIn();

    const response = await GET(new Request("http://test/api/campaigns?status=gone"), context);

    expect(response.status).toBe(422);
  });
});

describe("POST /api/campaigns/audience", () => {
  test("counts the account's own people and shows what three of them would read", async () => {
    await createContact(await createUser());
    const userId = await signIn();
    await createContact(userId, { name: "Zoë de Vries", tags: ["vip"] });
    await createContact(userId, { name: null, tags: ["vip"] });
    await createContact(userId, { tags: ["vip", "staff"] });
    await createContact(userId, { optedIn: false, tags: ["vip"] });

    const response = await post(preview, {
      audience: { tags: ["vip"], match: "any", excludeTags: ["staff"] },
      messageContent: { parameters: ["20%", { field: "firstName", fallback: "there" }] },
    });

    expect(await response.json()).toEqual({
      recipients: 2,
      withinWindow: null,
      filter: [
        { field: "consent", is: "in" },
        { field: "blocked", is: false },
        { field: "tags", match: "any", tags: ["vip"] },
        { field: "tags", match: "none", tags: ["staff"] },
      ],
      samples: [
        { contactId: expect.any(String), name: "Zoë de Vries", parameters: ["20%", "Zoë"] },
        { contactId: expect.any(String), name: null, parameters: ["20%", "there"] },
      ],
    });
  });

  test("counts who meets conditions, or belongs to a segment as it is now", async () => {
    const userId = await signIn();
    const filter: Filter = [{ field: "last_reply", period: { when: "within", days: 7 } }];
    const { id: segmentId } = await segmentRepository.create(userId, { name: "Talkative", filter });
    await createContact(userId, { name: "Zoë", lastInboundAt: new Date() });
    await createContact(userId, { lastInboundAt: new Date(), isBlocked: true });
    await createContact(userId);
    const ask = async (audience: object) => (await post(preview, { audience, messageContent: {} })).json();

    expect(await ask({ filter })).toMatchObject({ recipients: 1, samples: [{ name: "Zoë" }] });
    expect(await ask({ segmentId })).toMatchObject({ recipients: 1, samples: [{ name: "Zoë" }] });
    await segmentRepository.update(userId, segmentId, {
      name: "Silent",
      filter: [{ field: "last_reply", period: { when: "not_within", days: 7 } }],
    });
    expect(await ask({ segmentId })).toMatchObject({ recipients: 1, samples: [{ name: "Asha Rao" }] });
  });

  test("counts for a text who wrote within 24 hours as well", async () => {
    const userId = await signIn();
    await createContact(userId, { lastInboundAt: new Date() });
    await createContact(userId, { lastInboundAt: new Date(), optedIn: false });
    await createContact(userId);

    const response = await post(preview, { audience: everybody, messageType: "text", messageContent: {} });

    expect(await response.json()).toMatchObject({ recipients: 2, withinWindow: 1 });
  });
});
