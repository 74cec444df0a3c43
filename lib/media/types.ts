import type { MediaKind } from "@/lib/media/schema";

/** So many bytes tell the family of a file. */
export const HEAD_BYTES = 12;

const mp4Brands = /^(isom|iso\d|mp4\d|avc1|M4V |MSNV|dash|mmp4)$/;

type Family = { kind: MediaKind; typeOf: (bytes: Buffer) => string | null };
const always = (mimeType: string) => () => mimeType;

const office = "application/vnd.openxmlformats-officedocument";
/** Parts that are in every file of a kind, under the names that the container keeps in clear. */
const openXml: [part: string, mimeType: string][] = [
  ["word/document.xml", `${office}.wordprocessingml.document`],
  ["xl/workbook.", `${office}.spreadsheetml.sheet`],
  ["ppt/presentation.xml", `${office}.presentationml.presentation`],
];
const compound: [part: string, mimeType: string][] = [
  ["WordDocument", "application/msword"],
  ["Workbook", "application/vnd.ms-excel"],
  ["PowerPoint Document", "application/vnd.ms-powerpoint"],
];
const containing = (parts: typeof openXml, encoding: BufferEncoding) => (bytes: Buffer) =>
  parts.find(([part]) => bytes.includes(part, 0, encoding))?.[1] ?? null;

/** Told by its first bytes and by nothing that somebody says about it. Null: WhatsApp would not take it. */
export function familyOf(head: Buffer): Family | null {
  const startsWith = (hex: string) => head.toString("hex", 0, hex.length / 2) === hex;
  if (startsWith("ffd8ff")) return { kind: "image", typeOf: always("image/jpeg") };
  if (startsWith("89504e470d0a1a0a")) return { kind: "image", typeOf: always("image/png") };
  if (startsWith("255044462d")) return { kind: "document", typeOf: always("application/pdf") };
  if (startsWith("504b0304")) return { kind: "document", typeOf: containing(openXml, "latin1") };
  if (startsWith("d0cf11e0a1b11ae1")) return { kind: "document", typeOf: containing(compound, "utf16le") };
  if (head.toString("latin1", 4, 8) !== "ftyp") return null;
  const brand = head.toString("latin1", 8, 12);
  if (/^3g[epgrs]/.test(brand)) return { kind: "video", typeOf: always("video/3gpp") };
  return mp4Brands.test(brand) ? { kind: "video", typeOf: always("video/mp4") } : null;
}
