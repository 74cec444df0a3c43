import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";

/** lib/env.ts reads it when it is imported. */
const installation = vi.hoisted(() => {
  process.env.WHATSAPP_APP_SECRET = "the installation's app secret";
  process.env.WHATSAPP_VERIFY_TOKEN = "the installation's verify token";
  return { appSecret: process.env.WHATSAPP_APP_SECRET, verifyToken: process.env.WHATSAPP_VERIFY_TOKEN };
});

const { GET, POST } = await import("@/app/api/webhooks/route");
const { GET: GET_FOR, POST: POST_FOR } = await import("@/app/api/webhooks/[accountKey]/route");
const { db, sql } = await import("@/lib/db");
const { bodyOf, change, connectedAccount, digits, sentMessage, sign, status } = await import(
  "@/lib/testing/webhooks"
);
const { userRepository } = await import("@/lib/users/repository");
const { MAX_WEBHOOK_BYTES } = await import("@/lib/webhook-events/http");
const { finishProcessing } = await import("@/lib/webhook-events/service");

let account: Awaited<ReturnType<typeof connectedAccount>>;
beforeEach(async () => {
  account = await connectedAccount();
});
afterAll(() => finishProcessing());

async function post(body: Uint8Array, signature: string | null, accountKey?: string) {
  const request = new Request("http://test/api/webhooks", {
    ...{ method: "POST", body: Buffer.from(body) },
    headers: signature === null ? {} : { "x-hub-signature-256": signature },
  });
  // Next gives the plain route no parameters at all.
  const answer = accountKey
    ? await POST_FOR(request, { params: Promise.resolve({ accountKey }) })
    : await POST(request, { params: Promise.resolve(undefined) });
  await finishProcessing();
  return answer.status;
}

const events = (userId: string | null, marker: string) =>
  sql<{ processed: boolean; errorMessage: string | null }>`
    SELECT "processed", "errorMessage" FROM webhook_events
    WHERE "userId" IS NOT DISTINCT FROM ${userId}::uuid AND "payload"::text LIKE ${`%${marker}%`}`;

describe("a call signed by the installation's app", () => {
  test("speaks for every account", async () => {
    const neighbour = await connectedAccount();
    const [mine, theirs] = [await sentMessage(account), await sentMessage(neighbour)];
    const body = bodyOf(
      change(account, { statuses: [status(mine.message.id, "delivered")] }),
      change(neighbour, { statuses: [status(theirs.message.id, "read")] }),
    );

    expect(await post(body, sign(installation.appSecret, body))).toBe(200);

    for (const [{ message }, { userId }, state] of [
      [mine, account, "delivered"],
      [theirs, neighbour, "read"],
    ] as const)
      expect(await db.message.findUnique({ where: { id: message.id, userId } })).toMatchObject({
        status: state,
      });
  });

  test.each([
    ["of a number that nobody here has", {}],
    ["of no number at all", null],
  ])("%s is kept without an account", async (_, value) => {
    const stranger = { ...account, phoneNumberId: digits(), wabaId: digits() };
    const entry = value
      ? change(stranger, { statuses: [status(crypto.randomUUID(), "read")] })
      : { id: stranger.wabaId, changes: [{ field: "account_update", value: { event: "X" } }] };
    const body = bodyOf(entry);

    expect(await post(body, sign(installation.appSecret, body))).toBe(200);

    expect(await events(null, stranger.wabaId)).toEqual([{ processed: true, errorMessage: null }]);
  });

  test("may be about more accounts than anybody expects", async () => {
    const { message } = await sentMessage(account);
    const others = Array.from({ length: 999 }, () =>
      change({ ...account, phoneNumberId: digits(), wabaId: digits() }, { messages: [], id: digits() }),
    );
    const body = bodyOf(...others, change(account, { statuses: [status(message.id, "delivered")] }));

    expect(await post(body, sign(installation.appSecret, body))).toBe(200);

    const found = await db.message.findUnique({ where: { id: message.id, userId: account.userId } });
    expect(found).toMatchObject({ status: "delivered" });
  });

  test("that is partly about nobody here is kept in parts", async () => {
    const { message } = await sentMessage(account);
    const stranger = { ...account, phoneNumberId: digits(), wabaId: digits() };
    const body = bodyOf(
      change(account, { statuses: [status(message.id, "delivered")] }),
      change(stranger, { statuses: [status(crypto.randomUUID(), "read")] }),
    );

    expect(await post(body, sign(installation.appSecret, body))).toBe(200);

    const kept = [await events(account.userId, message.id), await events(null, stranger.phoneNumberId)];
    expect(kept).toEqual([
      [{ processed: true, errorMessage: null }],
      [{ processed: true, errorMessage: null }],
    ]);
    expect(await events(account.userId, stranger.phoneNumberId)).toEqual([]);
  });

  test("speaks for an account with an app of its own too, and the other way round for that account alone", async () => {
    const { message } = await sentMessage(account);
    const body = bodyOf(change(account, { statuses: [status(message.id, "delivered")] }));

    expect(await post(body, sign(account.appSecret, body))).toBe(200);
    expect(await post(body, sign(installation.appSecret, body), account.userId)).toBe(200);
    expect(await post(body, sign((await connectedAccount()).appSecret, body))).toBe(401);

    expect(await events(account.userId, message.id)).toHaveLength(2);
  });
});

test("what is not signed, no JSON or too large is refused and not stored", async () => {
  const marker = digits();
  const body = bodyOf({ id: marker, changes: [] });
  const nonsense = Buffer.from(`not json ${marker}`);
  const large = Buffer.alloc(MAX_WEBHOOK_BYTES + 1, " ");

  expect(await post(body, null)).toBe(401);
  expect(await post(body, sign("guess", body))).toBe(401);
  expect(await post(nonsense, sign(installation.appSecret, nonsense))).toBe(400);
  expect(await post(large, sign(installation.appSecret, large))).toBe(413);

  expect(await events(null, marker)).toEqual([]);
});

function ask(mode: string, token: string, accountKey?: string) {
  const request = new Request(
    `http://test/api/webhooks?hub.mode=${mode}&hub.verify_token=${encodeURIComponent(token)}&hub.challenge=<b>1158201444`,
  );
  return accountKey
    ? GET_FOR(request, { params: Promise.resolve({ accountKey }) })
    : GET(request, { params: Promise.resolve(undefined) });
}

test("the handshake gives the challenge back, as text, to whoever knows a verify token", async () => {
  const { webhookVerifyToken } = (await userRepository.findConnection(account.userId)) ?? {};

  for (const token of [installation.verifyToken, webhookVerifyToken ?? ""]) {
    const answer = await ask("subscribe", token);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/plain"]);
    expect(await answer.text()).toBe("<b>1158201444");
  }
  for (const [mode, token] of [
    ["subscribe", "guess"],
    ["subscribe", ""],
    ["unsubscribe", installation.verifyToken],
  ] as const)
    expect((await ask(mode, token)).status).toBe(403);
});

test("the handshake of an account's own callback takes its token and the installation's, and looks at no other", async () => {
  const [own, other] = [account, await connectedAccount()].map(({ userId }) =>
    userRepository.findConnection(userId),
  );
  const ownToken = (await own)?.webhookVerifyToken ?? "";
  const otherToken = (await other)?.webhookVerifyToken ?? "";
  const look = vi.spyOn(userRepository, "findVerifyTokensOfAllTenants");

  const answers = [];
  for (const token of [ownToken, installation.verifyToken, otherToken, ""])
    answers.push((await ask("subscribe", token, account.userId)).status);
  answers.push((await ask("subscribe", ownToken, "nobody")).status);

  expect(answers).toEqual([200, 200, 403, 403, 403]);
  expect(await Promise.all(look.mock.results.map(({ value }) => value))).toEqual([
    [ownToken],
    [ownToken],
    [],
  ]);
});
