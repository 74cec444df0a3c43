import { beforeEach, describe, expect, test, vi } from "vitest";
import { POST as connect, DELETE as disconnect } from "@/app/api/account/connection/route";
import { POST as useSandbox } from "@/app/api/account/connection/sandbox/route";
import { POST as changePassword } from "@/app/api/account/password/route";
import { PATCH as updateRetention } from "@/app/api/account/retention/route";
import { PATCH as update } from "@/app/api/account/route";
import { PATCH as updateSending } from "@/app/api/account/sending/route";
import { DELETE as signOutEverywhere } from "@/app/api/account/sessions/route";
import { authenticate } from "@/lib/auth";
import { AppError } from "@/lib/errors";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";
import { userRepository } from "@/lib/users/repository";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const none = { params: Promise.resolve({}) };
const send = (body?: unknown) =>
  new Request("http://localhost/api/account", {
    method: "POST",
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

const profile = { businessName: "Forno Bianchi", timeZone: "Europe/Rome", defaultCountry: "IT" };
const connection = {
  wabaId: "102290129340398",
  phoneNumberId: "106540352242922",
  accessToken: "EAAG",
  appSecret: "s",
};

let userId: UserId;

beforeEach(async () => {
  userId = await createUser();
  vi.mocked(authenticate).mockResolvedValue(userId);
});

describe("everybody but the owner", () => {
  test.each([
    ["the profile", () => update(send(profile), none)],
    [
      "the password",
      () => changePassword(send({ currentPassword: "x", password: "eight tame horses" }), none),
    ],
    ["the pace", () => updateSending(send({ messagesPerSecond: 1, brakePercent: 1 }), none)],
    ["the retention", () => updateRetention(send({ webhookEventDays: 30 }), none)],
    ["the sessions", () => signOutEverywhere(send(), none)],
    ["the connection", () => connect(send(connection), none)],
    ["the disconnection", () => disconnect(send(), none)],
    ["the sandbox", () => useSandbox(send(), none)],
  ])("is refused %s", async (_, call) => {
    vi.mocked(authenticate).mockRejectedValue(new AppError("UNAUTHENTICATED", "Sign in first"));

    expect((await call()).status).toBe(401);
  });
});

describe("PATCH /api/account/sending", () => {
  test("changes the owner's pace and limit of failures, and nobody else's", async () => {
    const stranger = await createUser();

    const response = await updateSending(send({ messagesPerSecond: 1000, brakePercent: 5 }), none);

    expect(response.status).toBe(200);
    expect(await userRepository.get(userId)).toMatchObject({ messagesPerSecond: 1000, brakePercent: 5 });
    expect(await userRepository.get(stranger)).toMatchObject({ messagesPerSecond: 80, brakePercent: 30 });
  });

  test.each([
    ["messagesPerSecond", 0],
    ["messagesPerSecond", 1001],
    ["messagesPerSecond", 1.5],
    ["brakePercent", 0],
    ["brakePercent", 101],
    ["brakePercent", null],
  ])("refuses %s %s beside the field", async (field, value) => {
    const settings = { messagesPerSecond: 80, brakePercent: 30, [field]: value };

    const response = await updateSending(send(settings), none);

    expect(response.status).toBe(422);
    expect((await response.json()).error.fields).toEqual({ [field]: [expect.any(String)] });
  });
});

describe("PATCH /api/account/retention", () => {
  test.each([7, 90, 365])(
    "keeps the owner's events for %i days, and nobody else's",
    async (webhookEventDays) => {
      const stranger = await createUser();

      expect((await updateRetention(send({ webhookEventDays }), none)).status).toBe(200);

      expect(await userRepository.get(userId)).toMatchObject({ webhookEventDays });
      expect(await userRepository.get(stranger)).toMatchObject({ webhookEventDays: null });
    },
  );

  test.each([6, 366, 7.5, null, "30"])("refuses %s beside the field", async (webhookEventDays) => {
    const response = await updateRetention(send({ webhookEventDays }), none);

    expect(response.status).toBe(422);
    expect((await response.json()).error.fields).toEqual({ webhookEventDays: [expect.any(String)] });
  });
});

describe("PATCH /api/account", () => {
  test("changes the owner's business and nobody else's", async () => {
    const stranger = await createUser();

    expect((await update(send({ ...profile, email: "x@example.com", isActive: false }), none)).status).toBe(
      200,
    );

    expect(await userRepository.get(userId)).toMatchObject(profile);
    expect(await userRepository.get(userId)).not.toMatchObject({ email: "x@example.com" });
    expect(await userRepository.get(stranger)).toMatchObject({ businessName: null, timeZone: "UTC" });
  });

  test("names what is wrong", async () => {
    const response = await update(
      send({ businessName: "", timeZone: "Mars/Olympus", defaultCountry: "it" }),
      none,
    );

    expect(response.status).toBe(422);
    const { error } = await response.json();
    expect(Object.keys(error.fields)).toEqual(["businessName", "timeZone", "defaultCountry"]);
  });
});

describe("POST /api/account/connection", () => {
  test("says that WhatsApp does not answer, and saves nothing", async () => {
    const response = await connect(send(connection), none);

    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      error: { code: "UPSTREAM", message: "WhatsApp did not answer. Try again in a minute." },
    });
    expect(await userRepository.get(userId)).toMatchObject({ isConnected: false });
  });

  test.each([
    ["wabaId", { wabaId: "my account" }],
    ["phoneNumberId", { phoneNumberId: "+39 06 1234" }],
    ["appId", { appId: "app" }],
    ["accessToken", { accessToken: "two words" }],
    ["accessToken", { accessToken: "" }],
  ])("names the field %s", async (field, changes) => {
    const response = await connect(send({ ...connection, ...changes }), none);

    expect(response.status).toBe(422);
    expect(Object.keys((await response.json()).error.fields)).toEqual([field]);
  });
});

test("an installation without a sandbox says so", async () => {
  const response = await useSandbox(send(), none);

  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ error: { message: "This installation has no sandbox" } });
});

test("signing out everywhere ends the owner's sessions", async () => {
  expect((await signOutEverywhere(send(), none)).status).toBe(200);

  expect(await userRepository.findBySession(userId, 0)).toBeNull();
});
