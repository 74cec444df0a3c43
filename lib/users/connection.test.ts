import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { standingAlert } from "@/lib/alerts/keys";
import { alertRepository } from "@/lib/alerts/repository";
import { sql } from "@/lib/db";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createUser } from "@/lib/testing/factories";
import { userRepository } from "@/lib/users/repository";
import {
  type ConnectionInput,
  type ConnectionReport,
  connectionSchema,
  signUpSchema,
} from "@/lib/users/schema";
import {
  checkConnection,
  connectSandbox,
  connectWhatsApp,
  disconnectWhatsApp,
  signUp,
} from "@/lib/users/service";
import type { SandboxAccount } from "@/lib/whatsapp/sandbox";

/** The sandbox plays Meta as well, and its handshake reaches our real webhook route. Both must stand before lib/env is read. */
const { meta, own } = await vi.hoisted(async () => {
  const { createServer } = await import("node:http");
  const { createSandbox } = await import("@/local/sandbox/sandbox");
  const meta = await createSandbox().listen();
  const own = createServer(async (request, response) => {
    const { GET } = await import("@/app/api/webhooks/route");
    const answer = await GET(new Request(`http://own${request.url}`), { params: Promise.resolve(undefined) });
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
  const address = own.address();
  const port = typeof address === "object" ? address?.port : undefined;
  process.env.NEXTAUTH_URL = `http://127.0.0.1:${port}`;
  process.env.WHATSAPP_SANDBOX_URL = meta.url;
  process.env.WHATSAPP_GRAPH_URL = meta.url;
  return { meta, own };
});

/** One of the tests hashes a password, which is meant to cost time. */
vi.setConfig({ testTimeout: 60_000 });

afterAll(async () => {
  own.closeAllConnections();
  own.close();
  await meta.close();
});

async function control(path: string, body: object = {}): Promise<SandboxAccount> {
  const response = await fetch(`${meta.url}/_sandbox/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
  return response.json();
}

const inputOf = (account: SandboxAccount, changes: Partial<ConnectionInput> = {}) =>
  connectionSchema.parse({ ...account, ...changes });

const statesOf = ({ checks }: ConnectionReport) => checks.map(({ name, state }) => `${name}: ${state}`);

const allRight = [
  "Access token: ok",
  "App secret: ok",
  "WhatsApp Business Account: ok",
  "Phone number: ok",
  "Quality: ok",
  "Webhooks: ok",
];

let userId: UserId;
let account: SandboxAccount;

beforeEach(async () => {
  [userId, account] = await Promise.all([createUser(), control("accounts")]);
});

describe("connectSandbox", () => {
  test("gives the account a number whose webhooks arrive here", async () => {
    const report = await connectSandbox(userId);

    expect(statesOf(report)).toEqual(["Webhooks: ok"]);
    expect(await userRepository.get(userId)).toMatchObject({
      isConnected: true,
      isSandbox: true,
      displayPhoneNumber: expect.stringMatching(/^\+/),
    });
    expect(statesOf(await checkConnection(userId))).toEqual(allRight);
  });

  test("is where a new account starts", async () => {
    const input = {
      email: `${userId}@example.org`,
      password: "seven wild horses",
      businessName: "Forno Bianchi",
    };

    const newcomer = await signUp(signUpSchema.parse(input));

    expect(await userRepository.get(newcomer)).toMatchObject({ isConnected: true, isSandbox: true });
  });

  test("gives every account a number and secrets of its own", async () => {
    const other = await createUser();

    await Promise.all([connectSandbox(userId), connectSandbox(other)]);

    const [mine, theirs] = await Promise.all([userId, other].map((id) => userRepository.findConnection(id)));
    expect(mine?.phoneNumberId).not.toBe(theirs?.phoneNumberId);
    expect(mine?.webhookVerifyToken).not.toBe(theirs?.webhookVerifyToken);
    expect(mine?.accessToken).not.toBe(theirs?.accessToken);
  });
});

describe("connectWhatsApp", () => {
  test("checks everything, then saves with the secrets encrypted", async () => {
    const report = await connectWhatsApp(userId, inputOf(account));

    expect(statesOf(report)).toEqual(allRight);
    expect(await userRepository.get(userId)).toMatchObject({
      isConnected: true,
      isSandbox: false,
      wabaId: account.wabaId,
      phoneNumberId: account.phoneNumberId,
      appId: account.appId,
      displayPhoneNumber: account.displayPhoneNumber,
      hasAppSecret: true,
    });
    const [row] = await sql<{
      text: string;
    }>`SELECT to_jsonb(users)::text AS text FROM users WHERE id = ${userId}`;
    expect(row?.text).not.toContain(account.accessToken);
    expect(row?.text).not.toContain(account.appSecret);
    expect(JSON.stringify(report)).not.toContain(account.accessToken);
    expect(JSON.stringify(report)).not.toContain(account.appSecret);
  });

  test("finds the app id out by itself", async () => {
    await connectWhatsApp(userId, inputOf(account, { appId: "" }));

    expect(await userRepository.get(userId)).toMatchObject({ appId: account.appId });
  });

  test("keeps the stored secrets where the form is empty", async () => {
    await connectWhatsApp(userId, inputOf(account, { webhookVerifyToken: "chosen-by-hand" }));

    await connectWhatsApp(
      userId,
      inputOf(account, { accessToken: "", appSecret: "", webhookVerifyToken: "" }),
    );

    expect(await userRepository.findConnection(userId)).toMatchObject({
      accessToken: account.accessToken,
      appSecret: account.appSecret,
      webhookVerifyToken: "chosen-by-hand",
    });
  });

  test("does not take the sandbox's secrets for a real number", async () => {
    await connectSandbox(userId);

    await expect(connectWhatsApp(userId, inputOf(account, { accessToken: "" }))).rejects.toMatchObject({
      fields: { accessToken: ["Enter the access token"] },
    });
    await expect(connectWhatsApp(userId, inputOf(account, { appSecret: "" }))).rejects.toMatchObject({
      fields: { appSecret: [expect.stringContaining("Enter the app secret")] },
    });
  });

  type Case = [string, (other: SandboxAccount) => Partial<ConnectionInput>, keyof ConnectionInput, string];

  test.each<Case>([
    [
      "a wrong token",
      () => ({ accessToken: "EAAGwrong" }),
      "accessToken",
      "does not accept this access token",
    ],
    ["a foreign token", (other) => ({ accessToken: other.accessToken }), "appId", "belongs to the app"],
    [
      "a foreign account",
      (other) => ({ wabaId: other.wabaId }),
      "wabaId",
      "cannot see this WhatsApp Business Account",
    ],
    [
      "a foreign number",
      (other) => ({ phoneNumberId: other.phoneNumberId }),
      "phoneNumberId",
      "another WhatsApp",
    ],
    ["an unknown number", () => ({ phoneNumberId: "123456789" }), "phoneNumberId", "This account has"],
    ["a wrong app", (other) => ({ appId: other.appId }), "appId", "belongs to the app"],
    [
      "a wrong app secret",
      () => ({ appSecret: "0123456789abcdef" }),
      "appSecret",
      "does not accept this app secret",
    ],
  ])("refuses %s and says what to do", async (_, changes, field, words) => {
    const other = await control("accounts");

    await expect(connectWhatsApp(userId, inputOf(account, changes(other)))).rejects.toMatchObject({
      code: "INVALID",
      fields: { [field]: [expect.stringContaining(words)] },
    });
    expect(await userRepository.get(userId)).toMatchObject({ isConnected: false });
  });

  test("tells every mistake at once where one does not hide the other", async () => {
    const input = inputOf(account, { phoneNumberId: "123456789", appSecret: "0123456789abcdef" });

    const refusal = await connectWhatsApp(userId, input).catch((error: unknown) => error);

    expect(Object.keys((refusal as { fields: object }).fields)).toEqual(["appSecret", "phoneNumberId"]);
  });

  test.each([
    ["an expired", "expired", /^The access token expired on November \d+, 2026\. Create a new one\.$/],
    ["a revoked", "revoked", /no longer valid/],
  ])("refuses %s token", async (_, state, words) => {
    await control(`accounts/${account.wabaId}/token`, { state });

    await expect(connectWhatsApp(userId, inputOf(account))).rejects.toMatchObject({
      fields: { accessToken: [expect.stringMatching(words)] },
    });
  });

  test("names the permission that the token lacks", async () => {
    await control(`accounts/${account.wabaId}/token`, { permissions: ["whatsapp_business_management"] });

    await expect(connectWhatsApp(userId, inputOf(account))).rejects.toMatchObject({
      fields: { accessToken: [expect.stringContaining("lacks the permission whatsapp_business_messaging")] },
    });
  });

  test.each([
    ["PENDING", "is not registered"],
    ["DISCONNECTED", "is disconnected"],
    ["BANNED", "was banned"],
  ])("refuses a number that is %s", async (status, words) => {
    await control(`phone-numbers/${account.phoneNumberId}`, { status });

    await expect(connectWhatsApp(userId, inputOf(account))).rejects.toMatchObject({
      fields: { phoneNumberId: [expect.stringContaining(words)] },
    });
  });

  test.each([
    [{ status: "RESTRICTED" }, "Phone number: warning"],
    [{ quality: "RED" }, "Quality: warning"],
  ])("saves with a warning when %j", async (change, warning) => {
    await control(`phone-numbers/${account.phoneNumberId}`, change);

    expect(statesOf(await connectWhatsApp(userId, inputOf(account)))).toContain(warning);
    expect(await userRepository.get(userId)).toMatchObject({ isConnected: true });
  });

  test("leaves a number with the account that uses it", async () => {
    const other = await createUser();
    await connectWhatsApp(other, inputOf(account));

    await expect(connectWhatsApp(userId, inputOf(account))).rejects.toMatchObject({
      code: "CONFLICT",
      fields: { phoneNumberId: [expect.stringContaining("Another Campanile account")] },
    });
    expect(await userRepository.get(other)).toMatchObject({ phoneNumberId: account.phoneNumberId });
    expect(await userRepository.get(userId)).toMatchObject({ isConnected: false });
  });

  test("lets one of two accounts that race for a number have it", async () => {
    const other = await createUser();

    const results = await Promise.allSettled(
      [userId, other].map((id) => connectWhatsApp(id, inputOf(account))),
    );

    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("can replace secrets that cannot be opened any more", async () => {
    await connectWhatsApp(userId, inputOf(account));
    await sql`UPDATE users SET "accessToken" = 'v1.00000000.a.b.c' WHERE id = ${userId}`;

    expect(await checkConnection(userId)).toMatchObject({ isConnected: false, checks: [{ state: "error" }] });
    await connectWhatsApp(userId, inputOf(account));
    expect(await userRepository.findConnection(userId)).toMatchObject({ accessToken: account.accessToken });
  });
});

describe("a campaign that is being sent", () => {
  beforeEach(async () => {
    await connectWhatsApp(userId, inputOf(account));
    await createCampaign(userId, { status: "processing" });
  });

  test("keeps its number", async () => {
    const another = inputOf(await control("accounts"));

    for (const change of [
      () => connectWhatsApp(userId, another),
      () => connectSandbox(userId),
      () => disconnectWhatsApp(userId),
    ]) {
      await expect(change()).rejects.toMatchObject({
        code: "CONFLICT",
        message: expect.stringContaining("campaign"),
      });
    }
    expect(await userRepository.get(userId)).toMatchObject({
      phoneNumberId: account.phoneNumberId,
      isSandbox: false,
    });
  });

  test("may get a new token for the same number", async () => {
    await expect(connectWhatsApp(userId, inputOf(account))).resolves.toMatchObject({ isConnected: true });
  });

  test("of somebody else is no obstacle", async () => {
    const other = await createUser();

    await expect(connectSandbox(other)).resolves.toMatchObject({ isConnected: true });
    await expect(disconnectWhatsApp(other)).resolves.toBeUndefined();
  });
});

describe("checkConnection", () => {
  test("says what changed since", async () => {
    await connectWhatsApp(userId, inputOf(account));
    expect(statesOf(await checkConnection(userId))).toEqual(allRight);

    await control(`accounts/${account.wabaId}/token`, { state: "expired" });

    expect(await checkConnection(userId)).toMatchObject({
      isConnected: false,
      checks: [{ name: "Access token", state: "error", detail: expect.stringContaining("expired on") }],
    });
  });

  test.each([
    ["when Meta says that the number may send", "active", ["whatsapp:violation"]],
    ["not while Meta says that it may not", "locked", ["whatsapp:ban", "whatsapp:violation"]],
  ])("ends what was told of a ban %s, and so does saving", async (_, state, left) => {
    await connectWhatsApp(userId, inputOf(account));
    for (const act of [() => checkConnection(userId), () => connectWhatsApp(userId, inputOf(account))]) {
      for (const what of ["ban", "violation"]) await alertRepository.open(userId, standingAlert(what), "x");
      await control(`accounts/${account.wabaId}`, { state });

      await act();

      const open = (await alertRepository.listOpen(userId)).map(({ key }) => key);
      expect(open.toSorted()).toEqual(left);
    }
  });

  test("of another WhatsApp Business Account says nothing of the one before", async () => {
    await connectWhatsApp(userId, inputOf(account));
    await alertRepository.open(userId, "whatsapp:violation", "x");

    await connectWhatsApp(userId, inputOf(await control("accounts")));

    expect(await alertRepository.listOpen(userId)).toEqual([]);
  });

  test("has nothing to check without a connection", async () => {
    expect(await checkConnection(userId)).toEqual({ isConnected: false, checks: [] });

    await connectWhatsApp(userId, inputOf(account));
    await disconnectWhatsApp(userId);

    expect(await checkConnection(userId)).toEqual({ isConnected: false, checks: [] });
    expect(await userRepository.get(userId)).toMatchObject({ hasAppSecret: false, phoneNumberId: null });
  });
});
