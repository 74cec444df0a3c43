import { beforeEach, expect, test, vi } from "vitest";
import { PATCH } from "@/app/api/account/consent/route";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";
import { userRepository } from "@/lib/users/repository";

const session = vi.hoisted(() => ({ userId: "" }));
vi.mock("@/lib/auth", () => ({ authenticate: async () => session.userId }));

let userId: UserId;
beforeEach(async () => {
  userId = await createUser();
  session.userId = userId;
});

const patch = (body: object) =>
  PATCH(new Request("http://localhost", { method: "PATCH", body: JSON.stringify(body) }), {
    params: Promise.resolve({}),
  });
const settings = {
  ...{ optOutWords: ["genug"], optInWords: ["wieder"], confirmsOptOut: true, optOutReply: "Tschüss" },
};

test("stores an account's own words and answer, and what is empty as built-in", async () => {
  expect((await patch(settings)).status).toBe(200);
  expect(await userRepository.getConsentSettings(userId)).toEqual(settings);

  await patch({ ...settings, optOutReply: " " });
  expect(await userRepository.getConsentSettings(userId)).toMatchObject({ optOutReply: null });
});

test("refuses a word in both lists beside its field, and stores nothing", async () => {
  const response = await patch({ ...settings, optInWords: ["Genug!"] });

  expect(response.status).toBe(422);
  expect((await response.json()).error.fields.optInWords[0]).toContain("in both lists");
  expect(await userRepository.getConsentSettings(userId)).toMatchObject({ optOutWords: [] });
});
