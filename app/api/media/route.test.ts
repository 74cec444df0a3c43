import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";

const sandbox = await vi.hoisted(async () => {
  const { createSandbox } = await import("@/local/sandbox/sandbox");
  const listening = await createSandbox({ reviewMs: 0, speed: 0 }).listen();
  process.env.WHATSAPP_SANDBOX_URL = listening.url;
  return listening;
});

vi.mock("@/lib/auth", () => ({ authenticate: vi.fn() }));

const { POST } = await import("@/app/api/media/route");
const { authenticate } = await import("@/lib/auth");
const { AppError } = await import("@/lib/errors");
const { createUser } = await import("@/lib/testing/factories");
const { userRepository } = await import("@/lib/users/repository");

afterAll(() => sandbox.close());

type Keys = { wabaId: string; phoneNumberId: string; accessToken: string; appSecret: string };

const MEGABYTE = 1024 * 1024;
const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const pdf = Buffer.from("%PDF-1.7 an invoice");

const upload = (body: BodyInit | null, fileName = "photo.png") =>
  POST(
    new Request(`http://test/api/media?${new URLSearchParams({ fileName })}`, {
      method: "POST",
      body,
      duplex: "half",
    } as RequestInit),
    { params: Promise.resolve({}) },
  );

const send = (method: string, path: string, accessToken = "", body?: object) =>
  fetch(`${sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });

let keys: Keys;

beforeEach(async () => {
  keys = await (await send("POST", "/_sandbox/accounts", "", {})).json();
  const owner = await createUser();
  const { wabaId, phoneNumberId, accessToken, appSecret } = keys;
  await userRepository.connect(owner, {
    ...{ wabaId, phoneNumberId, accessToken, appSecret, isSandbox: true },
    ...{ displayPhoneNumber: null, appId: null, webhookVerifyToken: null },
  });
  vi.mocked(authenticate).mockResolvedValue(owner);
});

describe("POST /api/media", () => {
  test.each([
    ["image", "image/png", "photo.png", png],
    ["document", "application/pdf", "Rechnung “März”.pdf", pdf],
    ["document, whatever it is called", "application/pdf", "photo.png", pdf],
  ])("hands an %s to WhatsApp unchanged", async (kind, mimeType, fileName, bytes) => {
    const response = await upload(new Uint8Array(bytes), fileName);

    expect(response.status).toBe(201);
    const media = await response.json();
    expect(media).toEqual({
      mediaId: expect.stringMatching(/^\d+$/),
      kind: kind.split(",")[0],
      fileName,
      phoneNumberId: keys.phoneNumberId,
      uploadedAt: expect.any(String),
    });
    const stored = await (await send("GET", `/v25.0/${media.mediaId}`, keys.accessToken)).json();
    expect(stored).toMatchObject({ mime_type: mimeType, file_size: bytes.length });
    const link = await send("GET", new URL(stored.url).pathname, keys.accessToken);
    expect(Buffer.from(await link.arrayBuffer()).equals(bytes)).toBe(true);
  });

  test.each([
    ["a page called photo.png", "<html><script>alert(1)</script>", "photo.png"],
    ["an archive called invoice.docx", "PK\x03\x04 nothing of Word", "invoice.docx"],
    ["an empty file", "", "photo.png"],
    ["a file without a name", new Uint8Array(png), " "],
    ["a file whose name breaks the line", new Uint8Array(png), "a\r\nb.png"],
  ])("refuses %s", async (_, body, fileName) => {
    expect((await upload(body, fileName)).status).toBe(422);
  });

  test.each([
    ["an image", png, 5],
    ["a document", pdf, 16],
  ])("stops reading %s that is too large", async (_, head, megabytes) => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = sent === 0 ? head : Buffer.alloc(MEGABYTE / 2);
        sent += chunk.length;
        controller.enqueue(new Uint8Array(chunk));
      },
    });

    const response = await upload(endless);

    expect(response.status).toBe(413);
    expect((await response.json()).error.message).toContain(`${megabytes} MB`);
    expect(sent).toBeLessThan((megabytes + 2) * MEGABYTE);
  });

  test("says what WhatsApp has against it", async () => {
    await send("POST", `/_sandbox/accounts/${keys.wabaId}/token`, "", { state: "revoked" });

    const response = await upload(new Uint8Array(png));

    expect(response.status).toBe(502);
    expect((await response.json()).error.message).toContain("connect again");
  });

  test("needs a connection", async () => {
    vi.mocked(authenticate).mockResolvedValue(await createUser());

    expect((await upload(new Uint8Array(png))).status).toBe(409);
  });

  test("asks who is there first", async () => {
    vi.mocked(authenticate).mockRejectedValue(new AppError("UNAUTHENTICATED", "Sign in first"));

    expect((await upload(new Uint8Array(png))).status).toBe(401);
  });
});
