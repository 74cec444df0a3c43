import { crc32, deflateSync } from "node:zlib";

/** What people send, made here so that browsers have something to show and play. */

const WIDTH = 320;
const HEIGHT = 240;

/** Source: W3C, "Portable Network Graphics", 5.3. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A hill in front of an evening sky. */
function colourAt(x: number, y: number): [number, number, number] {
  const hill = 150 + 30 * Math.sin(x / 45) + 12 * Math.sin(x / 17);
  if (y > hill) return [14, 90 - (y - hill) / 4, 80 - (y - hill) / 4];
  const isSun = (x - 230) ** 2 + (y - 80) ** 2 < 28 ** 2;
  return isSun ? [250, 235, 190] : [227 - y / 4, 179 - y / 5, 90 + y / 2];
}

function draw(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  // Eight bits for each of red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  const lines = Array.from({ length: HEIGHT }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: WIDTH }, (_, x) => colourAt(x, y)).flat()]),
  );
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(lines))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

export const picture = draw();

/** One pixel as WebP. */
export const sticker = Buffer.from("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA", "base64");

/** A second of silence: 38 frames of MPEG-1 layer III, 128 kbit/s at 44.1 kHz. */
export const sound = Buffer.concat(
  Array.from({ length: 38 }, () => Buffer.concat([Buffer.from("fffb9064", "hex"), Buffer.alloc(413)])),
);

/** The beginning of an MP4 and nothing else: it can be fetched, not played. */
export const video = Buffer.from("000000186674797069736f6d0000020069736f6d69736f32", "hex");

export const paper = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
