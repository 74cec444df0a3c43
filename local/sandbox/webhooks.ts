import { Pool } from "undici";
import { buildEnvelope, nestings, type Update } from "./envelope";
import { newHex } from "./ids";
import type { Ledger } from "./ledger";
import type { App, Callback, Waba } from "./model";
import type { Random } from "./random";
import type { Schedule } from "./schedule";
import type { Settings } from "./settings";
import { escapeNonAscii, sign } from "./signature";
import type { State } from "./state";

/** Meta gives up after seven days ("Webhooks overview"). */
const keepTryingMs = 7 * 24 * 3600 * 1000;
/** Calls to one callback at once: Meta asks a listener to take 3,300 a second and to answer in 250 ms at the median. */
const maxInFlight = 512;
const remembered = 50;

type Destination = {
  app: App;
  uri: string;
  origin: string;
  path: string;
  queue: Update[];
  /** How many at the front of the queue have left it: it may hold a hundred thousand, so nothing is moved up. */
  taken: number;
  dueAt: number;
  inFlight: number;
};

const waitingAt = ({ queue, taken }: Destination): number => queue.length - taken;

function take(destination: Destination, count: number): Update[] {
  const updates = destination.queue.slice(destination.taken, destination.taken + count);
  destination.taken += updates.length;
  if (destination.taken * 2 > destination.queue.length) {
    destination.queue = destination.queue.slice(destination.taken);
    destination.taken = 0;
  }
  return updates;
}

export type Delivery = {
  id: string;
  destination: Destination;
  updates: readonly Update[];
  body: string;
  firstAt: number;
  attempt: number;
  status: number | null;
};

export type Webhooks = ReturnType<typeof createWebhooks>;

type Dependencies = { state: State; settings: Settings; ledger: Ledger; schedule: Schedule; random: Random };

/** The outbox: collects updates per callback, posts them signed, and tries again until the answer is 200. */
export function createWebhooks({ state, settings, ledger, schedule, random }: Dependencies) {
  const destinations = new Map<string, Destination>();
  const pools = new Map<string, Pool>();
  const retrying = new Set<Delivery>();
  const recent: Delivery[] = [];
  let open = 0;
  let closed = false;

  /** Whom an update is told to: nobody unless the account has subscribed an app that can be called. */
  function listenerOf(wabaId: string, phoneNumberId: string | null) {
    const waba = state.wabas.get(wabaId);
    const app = waba && state.apps.get(waba.appId);
    if (!waba?.subscribed || !app) return null;
    const callback = callbackOf(waba, phoneNumberId, app);
    return callback && { app, callback };
  }

  function destinationOf({ wabaId, phoneNumberId }: Update): Destination | null {
    const listener = listenerOf(wabaId, phoneNumberId);
    if (!listener) return null;
    const { app, callback } = listener;
    const key = `${app.id} ${callback.uri}`;
    const known = destinations.get(key);
    if (known) return known;
    const { origin, pathname, search } = new URL(callback.uri);
    const created: Destination = {
      app,
      uri: callback.uri,
      origin,
      path: pathname + search,
      queue: [],
      taken: 0,
      dueAt: 0,
      inFlight: 0,
    };
    destinations.set(key, created);
    return created;
  }

  /** "Override the callback URL": the number's comes before the account's, and that before the app's. */
  function callbackOf(waba: Waba, phoneNumberId: string | null, app: App): Callback | null {
    const number = phoneNumberId === null ? null : state.phoneNumbers.get(phoneNumberId);
    return number?.callback ?? waba.callback ?? app.callback;
  }

  function metadataOf(phoneNumberId: string): string {
    const display = state.phoneNumbers.get(phoneNumberId)?.displayPhoneNumber.replace(/\D/g, "") ?? "";
    return `{"display_phone_number":"${display}","phone_number_id":"${phoneNumberId}"}`;
  }

  function push(update: Update) {
    const destination = destinationOf(update);
    if (!destination) return update.settle();
    open += 1;
    destination.queue.push(update);
    const waiting = waitingAt(destination);
    if (waiting >= settings.batchMax) drain(destination);
    else if (waiting === 1) {
      const [least, most] = settings.batchMs;
      destination.dueAt = Date.now() + least + random() * (most - least);
      schedule.at(destination.dueAt, () => drain(destination));
    }
  }

  function drain(destination: Destination) {
    while (
      !closed &&
      !settings.webhooksPaused &&
      destination.inFlight < maxInFlight &&
      waitingAt(destination) > 0 &&
      (waitingAt(destination) >= settings.batchMax || Date.now() >= destination.dueAt)
    ) {
      const alone = waitingAt(destination) > 1 && random() < settings.singleShare;
      void start(destination, take(destination, alone ? 1 : settings.batchMax));
    }
  }

  function start(destination: Destination, updates: readonly Update[]): Promise<void> {
    const nesting = nestings[Math.floor(random() * nestings.length)] ?? "one change per update";
    const body = escapeNonAscii(buildEnvelope(updates, nesting, metadataOf));
    const delivery = {
      id: newHex(8),
      destination,
      updates,
      body,
      firstAt: Date.now(),
      attempt: 0,
      status: null,
    };
    recent.push(delivery);
    if (recent.length > remembered) recent.shift();
    return attempt(delivery);
  }

  async function attempt(delivery: Delivery): Promise<void> {
    const { destination, updates } = delivery;
    retrying.delete(delivery);
    if (settings.webhooksPaused) return retryLater(delivery);
    delivery.attempt += 1;
    destination.inFlight += 1;
    const startedAt = Date.now();
    const answer = await post(delivery);
    destination.inFlight -= 1;
    delivery.status = answer.status;
    if (closed) return;
    ledger.append("webhook_answer", {
      deliveryId: delivery.id,
      attempt: delivery.attempt,
      ...answer,
      ms: Date.now() - startedAt,
    });
    const givenUp = Date.now() - delivery.firstAt > keepTryingMs;
    if (answer.status === 200 || givenUp) {
      open -= updates.length;
      for (const update of updates) update.settle();
    } else retryLater(delivery);
    drain(destination);
  }

  function retryLater(delivery: Delivery) {
    retrying.add(delivery);
    const pause = Math.min(settings.retryMs * 2 ** Math.max(0, delivery.attempt - 1), settings.retryMaxMs);
    schedule.at(Date.now() + pause, () => void attempt(delivery));
  }

  async function post(delivery: Delivery): Promise<{ status: number | null; error?: string }> {
    const { body, updates, destination, id, attempt } = delivery;
    const headers = signatureHeaders(destination.app.secret, body);
    ledger.append("webhook", {
      deliveryId: id,
      attempt,
      url: destination.uri,
      signature: headers["x-hub-signature-256"] ?? null,
      bytes: Buffer.byteLength(body),
      wabaIds: distinct(updates.map(({ wabaId }) => wabaId)),
      phoneNumberIds: distinct(updates.map(({ phoneNumberId }) => phoneNumberId)),
      ...(attempt === 1 && { updates: updates.map(({ ref }) => ref) }),
    });
    await new Promise<void>((resolve) => ledger.whenWritten(resolve));
    try {
      const response = await poolOf(destination.origin).request({
        path: destination.path,
        method: "POST",
        headers: { "content-type": "application/json", "user-agent": "facebookexternalua", ...headers },
        body,
        headersTimeout: settings.webhookTimeoutMs,
        bodyTimeout: settings.webhookTimeoutMs,
      });
      await response.body.dump();
      return { status: response.statusCode };
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? String(cause.code) : "UNKNOWN";
      return { status: null, error: code };
    }
  }

  function signatureHeaders(secret: string, body: string): Record<string, string> {
    if (settings.signature === "missing") return {};
    const key = settings.signature === "wrong" ? `${secret}x` : secret;
    return { "x-hub-signature": sign(key, body, "sha1"), "x-hub-signature-256": sign(key, body) };
  }

  function poolOf(origin: string): Pool {
    const known = pools.get(origin);
    if (known) return known;
    const pool = new Pool(origin, { connections: maxInFlight * 2, pipelining: 1 });
    pools.set(origin, pool);
    return pool;
  }

  return {
    push,
    /** Whether anybody would be told. */
    isHeard: (wabaId: string, phoneNumberId: string): boolean => listenerOf(wabaId, phoneNumberId) !== null,
    /** Posts one update at once and alone; resolves after the first attempt. */
    deliverNow: async (update: Update) => {
      const destination = destinationOf(update);
      if (!destination) return update.settle();
      open += 1;
      await start(destination, [update]);
    },
    /** Sends the very same bytes again, as Meta's own retries sometimes do after a 200. */
    resend: async (deliveryId: string, times: number): Promise<(number | null)[] | null> => {
      const original = recent.find(({ id }) => id === deliveryId);
      if (!original) return null;
      const copies = Array.from({ length: times }, (_, index) =>
        post({ ...original, attempt: original.attempt + 1 + index }),
      );
      return (await Promise.all(copies)).map(({ status }) => status);
    },
    /** To be called when webhooks are no longer paused. */
    resume: () => {
      for (const destination of destinations.values()) drain(destination);
    },
    outstanding: () => open,
    retrying: () => [...retrying],
    recent: () => [...recent],
    close: async () => {
      closed = true;
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

const distinct = (values: (string | null)[]): string[] => [
  ...new Set(values.filter((value) => value !== null)),
];
