import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import { POST } from "@/app/api/sign-up/route";
import { verifyCredentials } from "@/lib/users/service";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

/** A password is meant to cost time and memory, more so on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const signUp = (body: unknown) =>
  POST(new Request("http://localhost/api/sign-up", { method: "POST", body: JSON.stringify(body) }), {
    params: Promise.resolve({}),
  });

const newcomer = () => ({
  email: `${randomUUID()}@example.com`,
  password: "seven wild horses",
  businessName: "Forno Bianchi",
});

test("opens an account that can sign in", async () => {
  const input = newcomer();

  const response = await signUp({ ...input, timeZone: "Asia/Kathmandu" });

  expect(response.status).toBe(201);
  const { id } = await response.json();
  expect(await verifyCredentials(input)).toEqual({ id, sessionVersion: 0 });
});

test("says beside the field that the address is taken", async () => {
  const input = newcomer();
  await signUp(input);

  const response = await signUp({ ...input, email: input.email.toUpperCase() });

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({
    error: { code: "INVALID", fields: { email: ["There is already an account with this address"] } },
  });
});

test("lists every field that is missing", async () => {
  const response = await signUp({});

  expect(response.status).toBe(422);
  expect(Object.keys((await response.json()).error.fields)).toEqual(["email", "password", "businessName"]);
});
