import { beforeEach, describe, expect, test, vi } from "vitest";
import { POST as stop } from "@/app/api/replays/[replayId]/stop/route";
import { GET as latest, POST as start } from "@/app/api/replays/route";
import { POST as replay } from "@/app/api/webhook-events/[eventId]/replay/route";
import { GET as read } from "@/app/api/webhook-events/[eventId]/route";
import { GET as list } from "@/app/api/webhook-events/route";
import { authenticate } from "@/lib/auth";
import { AppError } from "@/lib/errors";
import { eventConsoleRepository } from "@/lib/event-console/repository";
import type { UserId } from "@/lib/tenant";
import { plantEvent, plantEvents } from "@/lib/testing/events";
import { createUser } from "@/lib/testing/factories";
import { type Account, change, connectedAccount, sentMessage, status } from "@/lib/testing/webhooks";
import { userRepository } from "@/lib/users/repository";
import { finishProcessing } from "@/lib/webhook-events/service";

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));
vi.mock("@/inngest/client", () => ({ inngest: { send: vi.fn(async () => undefined) } }));

const none = { params: Promise.resolve({}) };
const of = (eventId: string) => ({ params: Promise.resolve({ eventId }) });
const get = (query = "") => new Request(`http://test/api/webhook-events${query}`);
const post = (body: object = {}) =>
  new Request("http://test/api", { method: "POST", body: JSON.stringify(body) });
const idsOf = async (response: Response) => (await response.json()).items.map(({ id }: { id: string }) => id);

let account: Account;
let userId: UserId;

beforeEach(async () => {
  account = await connectedAccount();
  userId = account.userId;
  vi.mocked(authenticate).mockResolvedValue(userId);
});

test.each<[string, () => Promise<Response>]>([
  ["the list", () => list(get(), none)],
  ["an event", () => read(get(), of(crypto.randomUUID()))],
  ["a replay of one", () => replay(post(), of(crypto.randomUUID()))],
  ["a replay of many", () => start(post(), none)],
  ["the latest replay", () => latest(get(), none)],
])("nobody who is not signed in gets %s", async (_, call) => {
  vi.mocked(authenticate).mockRejectedValue(new AppError("UNAUTHENTICATED", "Sign in first"));

  expect((await call()).status).toBe(401);
});

describe("GET /api/webhook-events", () => {
  test("takes days as the account's time zone has them", async () => {
    await userRepository.update(userId, {
      ...{ businessName: "x", timeZone: "Pacific/Auckland", defaultCountry: "NZ" },
    });
    const [id] = await plantEvents(userId, [{ age: 5 }]);
    const { receivedAt } = (await eventConsoleRepository.list(userId, {})).items[0] ?? {};
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Pacific/Auckland" }).format(receivedAt);

    expect(await idsOf(await list(get(`?from=${day}&to=${day}`), none))).toEqual([id]);
    expect(await idsOf(await list(get(`?from=${day}&to=${day}&kind=message`), none))).toEqual([]);
  });

  test("says from when on a search without days looked, and does not look further back", async () => {
    await plantEvent(userId, { age: 8, payload: { from: "14155552201" } });
    const young = await plantEvent(userId, { age: 6, payload: { from: "14155552201" } });

    const response = await list(get("?search=14155552201&kind=&result=&from=&to="), none);
    const page = await response.json();

    expect(page.items.map(({ id }: { id: string }) => id)).toEqual([young]);
    expect(Date.now() - Date.parse(page.searchedFrom)).toBeCloseTo(7 * 86_400_000, -5);
  });

  test("says so when it takes too long", async () => {
    const tooLong = Object.assign(new Error("canceling statement"), { code: "57014" });
    vi.spyOn(eventConsoleRepository, "list").mockRejectedValueOnce(tooLong);

    expect(await (await list(get("?search=x"), none)).json()).toMatchObject({ items: [], isTooSlow: true });
  });

  test("tells in one line what an event says", async () => {
    await plantEvent(userId, {
      payload: {
        entry: [change(account, { statuses: [status("1", "read", { recipient_id: "16505551234" })] })],
      },
    });

    expect(await (await list(get(), none)).json()).toMatchObject({
      items: [{ about: "Read by +16505551234", result: "processed", eventType: "message_status" }],
    });
  });

  test.each([
    "?result=lost",
    "?from=2026-13-01",
    "?from=2026-11-25&to=2026-11-24",
    "?from=0001-01-01",
    "?to=9999-12-31",
    "?cursor=1",
    "?kind=%27%20OR%201",
    `?search=${"x".repeat(201)}`,
  ])("refuses %s", async (query) => {
    expect((await list(get(query), none)).status).toBe(422);
  });
});

describe("one event", () => {
  test("comes with its payload and what it is about", async () => {
    const { message, contact, campaign } = await sentMessage(account);
    const payload = { entry: [change(account, { statuses: [status(message.id, "delivered")] })] };
    const id = await plantEvent(userId, { payload });

    expect(await (await read(get(), of(id))).json()).toMatchObject({
      ...{ id, payload, result: "processed" },
      messages: [
        { id: message.id, contactId: contact.id, campaignId: campaign.id, campaignName: campaign.name },
      ],
      people: [{ id: contact.id, phone: contact.phone }],
    });
  });

  test("is processed once more", async () => {
    const { message } = await sentMessage(account);
    const id = await plantEvent(userId, {
      errorMessage: "This event could not be processed.",
      payload: { entry: [change(account, { statuses: [status(message.id, "delivered")] })] },
    });

    const response = await replay(post(), of(id));
    await finishProcessing();

    expect(response.status).toBe(200);
    expect(await (await read(get(), of(id))).json()).toMatchObject({
      ...{ result: "processed", errorMessage: null, messages: [{ id: message.id, status: "delivered" }] },
    });
  });

  test("that says how things stood is processed once, until it has worked", async () => {
    const payload = { entry: [change(account, { event: "x" }, "account_update")] };
    const failed = await plantEvent(userId, { payload, errorMessage: "This event could not be processed." });
    const done = await plantEvent(userId, { payload });

    expect((await replay(post(), of(failed))).status).toBe(200);
    expect((await replay(post(), of(done))).status).toBe(409);
    await finishProcessing();
    expect(await (await read(get(), of(failed))).json()).toMatchObject({
      ...{ result: "processed", isRepeatable: false },
    });
  });

  test("of somebody else, of nobody and one that cannot exist are not found", async () => {
    const ids = [await plantEvent(await createUser()), await plantEvent(null), crypto.randomUUID(), "1'"];

    for (const id of ids) {
      expect((await read(get(), of(id))).status).toBe(404);
      expect((await replay(post(), of(id))).status).toBe(404);
    }
  });

  test("names nothing of another account that uses the same numbers", async () => {
    const other = await connectedAccount();
    const { message, contact } = await sentMessage(other);
    const waId = (contact.phone ?? "").slice(1);
    const statuses = [status(message.id, "read", { recipient_id: waId })];
    const id = await plantEvent(userId, { payload: { entry: [change(account, { statuses })] } });

    expect(await (await read(get(), of(id))).json()).toMatchObject({ messages: [], people: [] });
  });
});

describe("a range of events", () => {
  test("is replayed in the background, and the replay can be followed and stopped", async () => {
    await plantEvents(userId, [{}, {}, { kind: "message" }]);

    const response = await start(post({ kind: "message_status" }), none);
    const { id } = await response.json();

    expect(response.status).toBe(201);
    expect(await (await latest(get(), none)).json()).toMatchObject({ id, status: "running", totalCount: 2 });
    expect((await start(post(), none)).status).toBe(409);
    const params = { params: Promise.resolve({ replayId: id }) };
    expect((await stop(post(), params)).status).toBe(200);
    expect((await stop(post(), params)).status).toBe(409);
    expect(await (await latest(get(), none)).json()).toMatchObject({ status: "stopped" });
  });

  test("is none when there never was one", async () => {
    expect(await (await latest(get(), none)).json()).toBeNull();
    expect((await start(post({ result: "failed" }), none)).status).toBe(409);
    expect((await start(post({ from: "yesterday" }), none)).status).toBe(422);
  });
});
