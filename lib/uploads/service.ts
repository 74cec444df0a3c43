import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { env } from "@/lib/env";
import { invalid } from "@/lib/errors";

/** Files on their way in, one per import and named by its id, in a folder that nobody but the server may read. */

const pathOf = (id: string) => join(env.UPLOADS_DIR, `${id}.csv`);

const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";

/** Thrown while a file is read that is not (or no longer) here. */
export class MissingUpload extends Error {}

/** Opened when it is read: a stream that nobody listens to yet would take the process down with its error. */
export async function* readUpload(id: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(pathOf(id), { highWaterMark: 256 * 1024 });
  } catch (error) {
    throw isMissing(error) ? new MissingUpload() : error;
  }
}

const PIECE_BYTES = 32 * 1024;
const WORK_MS = 4;

/** The same in small pieces, with pauses that are as long as the work on them: for a process that others need. */
export async function* readGently(id: string): AsyncGenerator<Uint8Array> {
  let worked = 0;
  for await (const bytes of readUpload(id)) {
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      const startedAt = performance.now();
      yield bytes.subarray(start, start + PIECE_BYTES);
      worked += performance.now() - startedAt;
      if (worked < WORK_MS) continue;
      await sleep(worked);
      worked = 0;
    }
  }
}

/** How long a sender may say nothing. */
const SILENCE_MS = 60_000;

const cutOff = () => invalid("file", "The upload was cut off. Upload the file again.");

/** The bytes of a body as they come. Whoever hangs up, or holds the line without a word, is not waited for. */
export async function* receive(
  body: ReadableStream<Uint8Array>,
  silenceMs = SILENCE_MS,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const patience = new AbortController();
      const next = await Promise.race([
        reader.read(),
        sleep(silenceMs, null, { signal: patience.signal, ref: false }).catch(() => null),
      ])
        .catch(() => null)
        .finally(() => patience.abort());
      if (next === null) throw cutOff();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Nobody waits for the rest, whether or not it comes.
    void reader.cancel().catch(() => undefined);
  }
}

/**
 * Stores what `chunks` give under `id` and returns its size in bytes. Whatever they throw, or `check` says of the whole
 * file, nothing is left of it.
 */
export async function saveUpload(
  id: string,
  chunks: AsyncIterable<Uint8Array>,
  check: (size: number) => Promise<void>,
): Promise<void> {
  await mkdir(env.UPLOADS_DIR, { recursive: true, mode: 0o700 });
  const path = pathOf(id);
  try {
    await check(await write(path, chunks));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(path, "wx", 0o600);
  try {
    let size = 0;
    for await (const bytes of chunks) {
      await file.writeFile(bytes);
      size += bytes.byteLength;
    }
    return size;
  } finally {
    await file.close();
  }
}

export const removeUpload = (id: string): Promise<void> => rm(pathOf(id), { force: true });

/** Ids of the files that nobody has written to for a day. */
export async function listOldUploads(): Promise<string[]> {
  const names = await readdir(env.UPLOADS_DIR).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const dayAgo = Date.now() - 24 * 60 * 60 * 1000;
  const ages = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(env.UPLOADS_DIR, name)).catch(() => null);
      return { name, isOld: found !== null && found.mtimeMs < dayAgo };
    }),
  );
  return ages.filter(({ isOld }) => isOld).map(({ name }) => name.replace(/\.csv$/, ""));
}
