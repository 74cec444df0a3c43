import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LedgerEntry } from "./ledger";
import type { AccountKeys, NewAccount } from "./new-account";
import { createSandbox, type Sandbox, type SandboxOptions } from "./sandbox";

/** Nothing waits longer than it has to: reviews, journeys and retries take a few milliseconds. */
export const fast = {
  reviewMs: 20,
  speed: 0,
  batchMs: [0, 10],
  retryMs: 20,
  retryMaxMs: 80,
  pairIntervalMs: 300,
} satisfies SandboxOptions;

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not worked with
export type Reply = { status: number; body: any; text: string; headers: Headers };

export type Client = ReturnType<typeof clientOf>;

export function clientOf(baseUrl: string, token?: string) {
  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const isText = typeof body === "string" || body instanceof FormData || body instanceof Uint8Array;
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && !(body instanceof FormData) && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: isText ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: jsonOrNull(text), text, headers: response.headers };
  }
  return {
    get: (path: string) => ask("GET", path),
    post: (path: string, body: unknown = {}, headers?: Record<string, string>) =>
      ask("POST", path, body, headers),
    delete: (path: string, body?: unknown) => ask("DELETE", path, body),
  };
}

export type Received = {
  headers: IncomingMessage["headers"];
  raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  body: any;
};

/** A business that listens: answers challenges, keeps what it is told. `echo` and `answer` may be replaced. */
export async function openReceiver(verifyToken = "sesame") {
  const received: Received[] = [];
  const receiver = {
    url: "",
    verifyToken,
    received,
    echo: (challenge: string): string => challenge,
    answer: (_webhook: Received, response: ServerResponse): void => void response.end("ok"),
    /** All statuses, or all messages, that have arrived, in order. */
    // biome-ignore lint/suspicious/noExplicitAny: as above
    all: (list: "statuses" | "messages"): any[] =>
      received
        .flatMap(({ body }) => body.entry)
        .flatMap(({ changes }) => changes)
        .flatMap(({ value }) => value[list] ?? []),
    // biome-ignore lint/suspicious/noExplicitAny: as above
    changes: (field: string): any[] =>
      received
        .flatMap(({ body }) => body.entry)
        .flatMap(({ changes }) => changes)
        .filter((change) => change.field === field)
        .map(({ value }) => value),
    statusesOf: (wamid: string): string[] =>
      receiver
        .all("statuses")
        .filter(({ id }) => id === wamid)
        .map(({ status }) => status),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "GET") {
      const agreed =
        searchParams.get("hub.verify_token") === verifyToken && searchParams.get("hub.mode") === "subscribe";
      response.statusCode = agreed ? 200 : 403;
      return response.end(agreed ? receiver.echo(searchParams.get("hub.challenge") ?? "") : "no");
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = Buffer.concat(chunks).toString("utf8");
      const webhook = { headers: request.headers, raw, body: JSON.parse(raw) };
      received.push(webhook);
      receiver.answer(webhook, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhooks`;
  return receiver;
}

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;

/** Resolves with the first truthy value; throws what it has seen last when the time is up. */
export async function until<T>(
  look: () => T | Promise<T>,
  what: string,
  deadlineMs = 5000,
): Promise<NonNullable<T>> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const offer = {
  name: "spring_offer",
  language: "en_US",
  category: "MARKETING",
  components: [
    {
      type: "BODY",
      text: "Hi {{1}}, everything is {{2}} off until Sunday.",
      example: { body_text: [["Asha", "25%"]] },
    },
    { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Stop promotions" }] },
  ],
};

export const envelopeTo = (to: string) => ({
  messaging_product: "whatsapp",
  recipient_type: "individual",
  to,
});

export const offerTo = (to: string, extras: object = {}) => ({
  ...envelopeTo(to),
  type: "template",
  template: {
    name: offer.name,
    language: { code: offer.language },
    components: [
      {
        type: "body",
        parameters: [
          { type: "text", text: "Asha" },
          { type: "text", text: "25%" },
        ],
      },
    ],
  },
  ...extras,
});

export const textTo = (to: string, body = "Hello") => ({ ...envelopeTo(to), type: "text", text: { body } });

/** A sandbox with one business that listens, and an approved template. */
export async function openStage(options: SandboxOptions = {}, account: Partial<NewAccount> = {}) {
  const sandbox = await createSandbox({ ...fast, ...options }).listen();
  const receiver = await openReceiver();
  const stage = await joinStage(sandbox, receiver, account);
  return {
    ...stage,
    close: async () => {
      await sandbox.close();
      await receiver.close();
    },
  };
}

export async function joinStage(sandbox: Sandbox, receiver: Receiver, account: Partial<NewAccount> = {}) {
  const admin = clientOf(`${sandbox.url}/_sandbox`);
  const keys: AccountKeys = (await admin.post("/accounts", { mps: 1000, ...account })).body;
  const graph = clientOf(`${sandbox.url}/v25.0`, keys.accessToken);
  await graph.post(`/${keys.wabaId}/subscribed_apps`, {
    override_callback_uri: receiver.url,
    verify_token: receiver.verifyToken,
  });
  const { body } = await graph.post(`/${keys.wabaId}/message_templates`, offer);
  const templateId: string = body.id;
  await until(
    () =>
      receiver
        .changes("message_template_status_update")
        .some((value) => value.message_template_id === Number(templateId)),
    "the approval of the template",
  );
  return {
    sandbox,
    receiver,
    admin,
    graph,
    keys,
    templateId,
    send: (message: object) => graph.post(`/${keys.phoneNumberId}/messages`, message),
    ledger: async (query = ""): Promise<LedgerEntry[]> => (await admin.get(`/ledger?${query}`)).body.entries,
  };
}

export type Stage = Awaited<ReturnType<typeof joinStage>>;

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
