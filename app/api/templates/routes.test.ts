import { beforeEach, describe, expect, it, vi } from "vitest";
import { DELETE, GET, PATCH } from "@/app/api/templates/[templateId]/route";
import { POST as submit } from "@/app/api/templates/[templateId]/submit/route";
import { POST as create, GET as list } from "@/app/api/templates/route";
import { POST as sync } from "@/app/api/templates/sync/route";
import { authenticate } from "@/lib/auth";
import type { UserId } from "@/lib/tenant";
import { createTemplate, createUser } from "@/lib/testing/factories";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const address = "http://localhost/api/templates";
const request = (method: string, body?: unknown, query = "") =>
  new Request(address + query, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
const of = (templateId: string) => ({ params: Promise.resolve({ templateId }) });
const none = { params: Promise.resolve({}) };

const input = {
  name: "spring_sale",
  language: "en_US",
  category: "marketing",
  components: [{ type: "BODY", text: "Our spring sale starts on Friday." }],
};

let userId: UserId;

beforeEach(async () => {
  userId = await createUser();
  vi.mocked(authenticate).mockResolvedValue(userId);
});

describe("POST /api/templates", () => {
  it("creates a draft", async () => {
    const response = await create(request("POST", input), none);
    expect(response.status).toBe(201);
    const { id } = await response.json();
    expect(await (await GET(request("GET"), of(id))).json()).toMatchObject({ ...input, status: "draft" });
  });

  it.each([
    ["a rule of Meta's", { ...input, components: [{ type: "BODY", text: "Hi {{1}}" }] }, "body"],
    ["a name", { ...input, name: "Spring Sale" }, "name"],
    [
      "a part that cannot be written here",
      { ...input, components: [{ type: "HEADER", format: "IMAGE" }] },
      "components",
    ],
    ["a category", { ...input, category: "spam" }, "category"],
  ])("names the field of %s", async (_, body, field) => {
    const response = await create(request("POST", body), none);
    expect(response.status).toBe(422);
    expect((await response.json()).error.fields[field]).toEqual(expect.arrayContaining([expect.any(String)]));
  });

  it("says that a name is taken", async () => {
    await create(request("POST", input), none);
    const response = await create(request("POST", input), none);
    expect(response.status).toBe(409);
    expect((await response.json()).error.fields.name).toHaveLength(1);
  });
});

describe("GET /api/templates", () => {
  it("lists by status and refuses nonsense", async () => {
    await createTemplate(userId, { name: "mine" });
    const { items } = await (await list(request("GET", undefined, "?status=approved"), none)).json();
    expect(items).toMatchObject([{ name: "mine" }]);
    expect((await list(request("GET", undefined, "?status=odd"), none)).status).toBe(422);
  });
});

describe("one template", () => {
  it("changes and goes", async () => {
    const { id } = await createTemplate(userId, { status: "draft", whatsappTemplateId: null });
    const changed = await PATCH(request("PATCH", { category: "utility" }), of(id));
    expect(await changed.json()).toMatchObject({ id, category: "utility" });
    expect((await DELETE(request("DELETE"), of(id))).status).toBe(200);
    expect((await GET(request("GET"), of(id))).status).toBe(404);
  });

  it("does not exist for a stranger", async () => {
    const { id } = await createTemplate(await createUser(), { status: "draft" });
    const responses = await Promise.all([
      GET(request("GET"), of(id)),
      PATCH(request("PATCH", { category: "utility" }), of(id)),
      DELETE(request("DELETE"), of(id)),
      submit(request("POST", {}), of(id)),
      GET(request("GET"), of("not-an-id")),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });
});

it("asks for a connection before it talks to WhatsApp", async () => {
  const { id } = await createTemplate(userId, { status: "draft" });
  for (const response of [await submit(request("POST", {}), of(id)), await sync(request("POST", {}), none)]) {
    expect(response.status).toBe(409);
    expect((await response.json()).error.message).toContain("not connected");
  }
});
