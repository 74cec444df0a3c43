import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Access } from "./access";
import { type Answer, type Call, ok, success } from "./call";
import { badParameter, missingParameter, refusal, unknownObject } from "./graph-error";
import { newHex, newObjectId } from "./ids";
import type { Media, PhoneNumber } from "./model";
import type { State } from "./state";

const dayMs = 24 * 3600 * 1000;
const linkLifeMs = 5 * 60 * 1000;
const mega = 1024 * 1024;

/** "Media > Supported media types": types and the largest size of each kind. */
const kinds: readonly (readonly [type: RegExp, limit: number])[] = [
  [/^image\/(jpeg|png)$/, 5 * mega],
  [/^video\/(mp4|3gpp)$/, 16 * mega],
  [/^audio\/(aac|mp4|mpeg|amr|ogg|opus)/, 16 * mega],
  [/^image\/webp$/, mega / 2],
  [
    /^(text\/plain|application\/(pdf|msword|vnd\.(ms-(excel|powerpoint)|openxmlformats-officedocument\..+)))$/,
    100 * mega,
  ],
];

export type MediaStore = ReturnType<typeof createMedia>;

type Dependencies = { state: State; access: Access; baseUrl: () => string };

export function createMedia({ state, access, baseUrl }: Dependencies) {
  const links = new Map<string, { mediaId: string; until: number }>();
  const fileOf = (mediaId: string) => join(state.dir, "media", mediaId);

  function store(
    number: PhoneNumber,
    bytes: Buffer,
    mimeType: string,
    fileName: string | null,
    days = 30,
  ): Media {
    const media: Media = {
      id: newObjectId(16),
      phoneNumberId: number.id,
      mimeType,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      size: bytes.length,
      fileName,
      expiresAt: Date.now() + days * dayMs,
    };
    writeFileSync(fileOf(media.id), bytes, { mode: 0o600 });
    state.media.set(media.id, media);
    state.save();
    return media;
  }

  function linkTo(media: Media): string {
    const key = newHex(24);
    links.set(key, { mediaId: media.id, until: Date.now() + linkLifeMs });
    return `${baseUrl()}/_media/${key}`;
  }

  async function upload(number: PhoneNumber, call: Call): Promise<Answer> {
    access.requireWaba(call.token, number.wabaId, "POST", number.id);
    access.requirePermission(call.token, "whatsapp_business_messaging");
    const form = await readForm(call);
    if (form.get("messaging_product") !== "whatsapp") throw missingParameter("messaging_product");
    const file = form.get("file");
    if (file === null || typeof file === "string") throw missingParameter("file");
    const mimeType = file.type === "" ? String(form.get("type") ?? "") : file.type;
    const limit = kinds.find(([type]) => type.test(mimeType))?.[1];
    if (limit === undefined) {
      throw badParameter(`Param file must be a file with one of the supported types - got "${mimeType}".`);
    }
    const bytes = Buffer.from(await file.arrayBuffer());
    if (bytes.length === 0 || bytes.length > limit)
      throw refusal(131053, `The file must have 1 to ${limit} bytes`);
    return ok({ id: store(number, bytes, mimeType, file.name).id });
  }

  return {
    store,
    linkTo,
    upload,
    /** `GET|DELETE /{media-id}`; with `phone_number_id` only for the number that has it. */
    one: (media: Media, call: Call): Answer => {
      const number = state.phoneNumbers.get(media.phoneNumberId);
      access.requireWaba(call.token, number?.wabaId ?? "", call.method, media.id);
      access.requirePermission(call.token, "whatsapp_business_messaging");
      const asked = call.query.get("phone_number_id");
      if ((asked !== null && asked !== media.phoneNumberId) || media.expiresAt < Date.now()) {
        throw unknownObject(call.method, media.id);
      }
      if (call.method === "DELETE") {
        state.media.delete(media.id);
        rmSync(fileOf(media.id), { force: true });
        state.save();
        return success;
      }
      return ok({
        messaging_product: "whatsapp",
        url: linkTo(media),
        mime_type: media.mimeType,
        sha256: media.sha256,
        file_size: media.size,
        id: media.id,
      });
    },
    /** "Download media": with the token, for five minutes; 404 afterwards. A part of it, if one is asked for. */
    download: (key: string, token: string | null, range = ""): Answer => {
      const link = links.get(key);
      const media = link && link.until > Date.now() ? state.media.get(link.mediaId) : undefined;
      if (!media) return { status: 404, body: "", bytes: Buffer.alloc(0) };
      const known = access.authenticate(token);
      access.requireWaba(known, state.phoneNumbers.get(media.phoneNumberId)?.wabaId ?? "", "GET", media.id);
      const bytes = readFileSync(fileOf(media.id));
      const headers = { "content-type": media.mimeType };
      const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
      if (first === undefined || Number(first) >= bytes.length)
        return { status: 200, body: null, bytes, headers };
      const part = bytes.subarray(Number(first), last ? Number(last) + 1 : undefined);
      const where = `bytes ${first}-${Number(first) + part.length - 1}/${bytes.length}`;
      return { status: 206, body: null, bytes: part, headers: { ...headers, "content-range": where } };
    },
  };
}

async function readForm({ raw, headers }: Call): Promise<FormData> {
  const contentType = String(headers["content-type"] ?? "");
  try {
    return await new Response(new Uint8Array(raw), { headers: { "content-type": contentType } }).formData();
  } catch {
    throw badParameter("The request is not a multipart form.");
  }
}
