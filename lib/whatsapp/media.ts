import { FormData, request } from "undici";
import * as z from "zod";
import { AppError } from "@/lib/errors";
import { type GraphAccess, GraphError, graph, graphUrl } from "@/lib/whatsapp/client";
import { refusalOf } from "@/lib/whatsapp/templates";

const uploadedSchema = z.object({ id: z.string() });

/** Meta keeps the file for 30 days, for this number. Source: Meta, "Media" (October 2026). */
export async function uploadToMeta(
  access: GraphAccess,
  phoneNumberId: string,
  { bytes, mimeType, fileName }: { bytes: Buffer<ArrayBuffer>; mimeType: string; fileName: string },
): Promise<string> {
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", mimeType);
  form.set("file", new File([bytes], fileName, { type: mimeType }));
  const { id } = await graph(access, "POST", `/${phoneNumberId}/media`, uploadedSchema, form);
  return id;
}

/** The largest file that WhatsApp takes. */
const MAX_BYTES = 100 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** What browsers ask for when they play something. */
const ONE_RANGE = /^bytes=(\d{1,12}-\d{0,12}|-\d{1,12})$/;

const locatedSchema = z.object({ url: z.string(), mime_type: z.string().catch("") });

/** Meta's word for an object that does not exist, is another account's or is kept no longer. */
const UNKNOWN_OBJECT = 100;

/**
 * Opens a file that WhatsApp keeps, for this number only. Throws NOT_FOUND when it is gone: what people send is kept
 * for seven days. The access token goes nowhere but to Meta. Of a part that was asked for (`range`, RFC 9110, 14.2) only
 * that, if Meta's server gives parts. Source: Meta, "Media" (October 2026).
 */
export async function downloadFromMeta(
  access: GraphAccess,
  phoneNumberId: string,
  mediaId: string,
  range: string | null = null,
) {
  const path = `/${mediaId}?phone_number_id=${phoneNumberId}`;
  const { url, mime_type } = await graph(access, "GET", path, locatedSchema).catch((error: unknown) => {
    if (!(error instanceof GraphError)) throw error;
    throw error.code === UNKNOWN_OBJECT ? gone() : refusalOf(error);
  });
  if (!isMetaFile(url, graphUrl(access.isSandbox))) throw unavailable();
  const { statusCode, headers, body } = await request(url, {
    headers: {
      authorization: `Bearer ${access.accessToken}`,
      ...(range !== null && ONE_RANGE.test(range) && { range }),
    },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  }).catch(() => {
    throw unavailable();
  });
  // Whoever reads it gets the error; it must not end the process when nobody does any more.
  body.on("error", () => undefined);
  const size = Number(headers["content-length"] ?? 0);
  const part = statusCode === 206 ? String(headers["content-range"] ?? "") : null;
  if ((statusCode !== 200 && !part) || size > MAX_BYTES) {
    body.destroy();
    throw statusCode === 404 ? gone() : unavailable();
  }
  return { bytes: bounded(body, MAX_BYTES), mimeType: mime_type, size: size || null, part };
}

const gone = () =>
  new AppError("NOT_FOUND", "WhatsApp keeps what people send for seven days, and this file is gone.");
const unavailable = () =>
  new AppError("UPSTREAM", "WhatsApp did not hand out this file. Try again in a minute.");

/**
 * Whether an address that the API named may be called with the access token: Meta's servers for files, or the API itself
 * where it is a stand-in.
 */
export function isMetaFile(address: string, apiUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username, origin } = new URL(address);
  if (username !== "") return false;
  if (origin === new URL(apiUrl).origin) return true;
  return protocol === "https:" && port === "" && /(^|\.)fbsbx\.com$/.test(hostname);
}

/** Passes bytes on and breaks off at the first that is too many. */
export async function* bounded(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error("A file is larger than it may be");
    yield chunk;
  }
}
