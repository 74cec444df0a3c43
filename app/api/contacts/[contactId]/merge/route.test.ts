import { beforeEach, expect, test, vi } from "vitest";
import { GET, POST } from "@/app/api/contacts/[contactId]/merge/route";
import { authenticate } from "@/lib/auth";
import { contactRepository } from "@/lib/contacts/repository";
import type { UserId } from "@/lib/tenant";
import { createContact, createUser } from "@/lib/testing/factories";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const context = (contactId: string) => ({ params: Promise.resolve({ contactId }) });
const preview = (id: string, otherId: string) =>
  GET(new Request(`http://test/api/contacts/merge?otherId=${otherId}`), context(id));
const merge = (id: string, body: unknown) =>
  POST(
    new Request("http://test/api/contacts/merge", { method: "POST", body: JSON.stringify(body) }),
    context(id),
  );

let userId: UserId;
beforeEach(async () => {
  userId = await createUser();
  vi.mocked(authenticate).mockResolvedValue(userId);
});

test("two contacts become one, once", async () => {
  const keep = await createContact(userId, { email: null });
  const drop = await createContact(userId, { email: "asha@example.com" });

  expect(await (await preview(keep.id, drop.id)).json()).toMatchObject({
    after: { phone: keep.phone, email: "asha@example.com" },
  });
  expect((await merge(keep.id, { otherId: drop.id })).status).toBe(200);
  expect((await merge(keep.id, { otherId: drop.id })).status).toBe(404);
  expect(await contactRepository.get(userId, keep.id)).toMatchObject({ email: "asha@example.com" });
  expect(await contactRepository.find(userId, drop.id)).toBeNull();
});

test("one contact is not two, and a choice must be made", async () => {
  const { id } = await createContact(userId);

  expect((await preview(id, id)).status).toBe(409);
  expect((await merge(id, { otherId: id })).status).toBe(409);
  expect((await merge(id, { otherId: "x" })).status).toBe(422);
  expect(await contactRepository.find(userId, id)).not.toBeNull();
});

test("a stranger's contact is not there, whichever of the two it is", async () => {
  const { id } = await createContact(userId);
  const owner = await createUser();
  const foreign = await createContact(owner);

  for (const [keep, drop] of [
    [id, foreign.id],
    [foreign.id, id],
  ] as const) {
    expect((await preview(keep, drop)).status).toBe(404);
    expect((await merge(keep, { otherId: drop })).status).toBe(404);
  }
  expect(await contactRepository.find(owner, foreign.id)).not.toBeNull();
  expect(await contactRepository.find(userId, id)).not.toBeNull();
});
