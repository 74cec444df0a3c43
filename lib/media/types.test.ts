import { expect, test } from "vitest";
import { familyOf, HEAD_BYTES } from "@/lib/media/types";

const latin = (text: string) => Buffer.from(text, "latin1");
const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(64)]);
const zip = (...names: string[]) => Buffer.concat([latin("PK\x03\x04"), latin(names.join("\0 "))]);
const compound = (name: string) =>
  Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(8), Buffer.from(name, "utf16le")]);
const movie = (brand: string) => latin(`\0\0\0\x18ftyp${brand}`);

const typeOf = (bytes: Buffer) => {
  const family = familyOf(bytes.subarray(0, HEAD_BYTES));
  const mimeType = family?.typeOf(bytes);
  return family && mimeType ? `${family.kind} ${mimeType}` : null;
};

const openXml = "document application/vnd.openxmlformats-officedocument";

test.each<[string, Buffer, string | null]>([
  ["a JPEG", latin("\xff\xd8\xff\xe0\0\x10JFIF"), "image image/jpeg"],
  ["a PNG", latin("\x89PNG\r\n\x1a\n"), "image image/png"],
  ["an MP4", movie("isom"), "video video/mp4"],
  ["a 3GP", movie("3gp4"), "video video/3gpp"],
  ["a PDF", latin("%PDF-1.7\n%"), "document application/pdf"],
  ["a Word file", zip("[Content_Types].xml", "word/document.xml"), `${openXml}.wordprocessingml.document`],
  ["an Excel file", zip("[Content_Types].xml", "xl/workbook.xml"), `${openXml}.spreadsheetml.sheet`],
  [
    "a PowerPoint file",
    zip("[Content_Types].xml", "ppt/presentation.xml"),
    `${openXml}.presentationml.presentation`,
  ],
  ["an old Word file", compound("WordDocument"), "document application/msword"],
  ["an old Excel file", compound("Workbook"), "document application/vnd.ms-excel"],
  ["an old PowerPoint file", compound("PowerPoint Document"), "document application/vnd.ms-powerpoint"],
  ["an archive", zip("holiday.jpg"), null],
  ["an installer", compound("Installer"), null],
  ["a photo of a phone that WhatsApp does not take", movie("heic"), null],
  ["a sound", movie("M4A "), null],
  ["a GIF", latin("GIF89a"), null],
  ["a page", latin("<html><script>"), null],
  ["a program", latin("MZ\x90\0"), null],
  ["nothing", latin(""), null],
])("takes %s for what its bytes are", (_, bytes, expected) => {
  expect(typeOf(padded(bytes))).toBe(expected);
});
