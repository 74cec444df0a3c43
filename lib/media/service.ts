import { AppError, conflict, invalid } from "@/lib/errors";
import { aKind, maxBytesOf, maxMegabytes } from "@/lib/media/limits";
import type { Media, MediaKind } from "@/lib/media/schema";
import { familyOf, HEAD_BYTES } from "@/lib/media/types";
import type { UserId } from "@/lib/tenant";
import { receive } from "@/lib/uploads/service";
import { userRepository } from "@/lib/users/repository";
import { GraphError } from "@/lib/whatsapp/client";
import { uploadToMeta } from "@/lib/whatsapp/media";
import { refusalOf } from "@/lib/whatsapp/templates";

/** Hands a file to WhatsApp, where the account's number may send it for 30 days. Nothing of it is kept here. */
export async function uploadMedia(
  userId: UserId,
  fileName: string,
  body: ReadableStream<Uint8Array> | null,
): Promise<Media> {
  const connection = await userRepository.findConnection(userId);
  if (!connection) throw conflict("WhatsApp is not connected. Connect a number or the sandbox in Settings.");
  const { bytes, kind, mimeType } = await read(body);
  const uploadedAt = new Date().toISOString();
  const { phoneNumberId } = connection;
  const file = { bytes, mimeType, fileName };
  const mediaId = await uploadToMeta(connection, phoneNumberId, file).catch((error: unknown) => {
    throw error instanceof GraphError ? refusalOf(error) : error;
  });
  return { mediaId, kind, fileName, phoneNumberId, uploadedAt };
}

/** Stops at the first byte that is too much for the kind of file that the first bytes show. */
async function read(body: ReadableStream<Uint8Array> | null) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let family: ReturnType<typeof familyOf> = null;
  for await (const chunk of body ? receive(body) : []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (!family && size >= HEAD_BYTES) family = familyOf(Buffer.concat(chunks)) ?? refuseType();
    if (family && size > maxBytesOf(family.kind)) throw tooLarge(family.kind);
  }
  if (size === 0) throw invalid("file", "The file is empty");
  const bytes = Buffer.concat(chunks);
  const mimeType = family?.typeOf(bytes);
  return family && mimeType ? { bytes, kind: family.kind, mimeType } : refuseType();
}

function refuseType(): never {
  throw invalid("file", "WhatsApp does not take files like this one");
}

const tooLarge = (kind: MediaKind) =>
  new AppError("TOO_LARGE", `The file is larger than ${maxMegabytes[kind]} MB, the most for ${aKind(kind)}.`);
