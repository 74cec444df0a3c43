import { beforeEach, expect, test, vi } from "vitest";
import { DELETE, GET } from "@/app/api/contacts/[contactId]/personal-data/route";
import { authenticate } from "@/lib/auth";
import { contactRepository } from "@/lib/contacts/repository";
import type { UserId } from "@/lib/tenant";
import { createContact, createUser } from "@/lib/testing/factories";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const context = (contactId: string) => ({ params: Promise.resolve({ contactId }) });
const request = () => new Request("http://test/api/contacts/personal-data");

let userId: UserId;
beforeEach(async () => {
  userId = await createUser();
  vi.mocked(authenticate).mockResolvedValue(userId);
});

test("hands out a person's data as a file, and erases them once", async () => {
  const { id } = await createContact(userId, { name: "Zoë" });

  const response = await GET(request(), context(id));

  expect(response.headers.get("content-disposition")).toBe('attachment; filename="personal-data.json"');
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toMatchObject({ contact: { id, name: "Zoë" }, messages: [], webhooks: [] });
  expect((await DELETE(request(), context(id))).status).toBe(200);
  expect((await DELETE(request(), context(id))).status).toBe(404);
  expect((await GET(request(), context(id))).status).toBe(404);
});

test("is not there for a stranger, nor under an id that is none", async () => {
  const owner = await createUser();
  const { id } = await createContact(owner);

  for (const someId of [id, "nonsense", crypto.randomUUID()])
    for (const handle of [GET, DELETE]) expect((await handle(request(), context(someId))).status).toBe(404);
  expect(await contactRepository.find(owner, id)).toMatchObject({ name: "Asha Rao" });
});
