import { monitorEventLoopDelay } from "node:perf_hooks";
import { csvLines, optionsFor } from "@/bench/people";
import { answer } from "@/bench/workers/answer";
import { runImportProcess } from "@/inngest/processes/run";
import { importRepository } from "@/lib/imports/repository";
import { uploadImport } from "@/lib/imports/service";
import type { UserId } from "@/lib/tenant";

type Question =
  | { upload: { userId: UserId; count: number; agreed: boolean } }
  | { run: { userId: UserId; importId: string } };

/** Plays the server: stores an upload, and has it imported while it watches its own event loop. */
answer<Question>(async (question) => {
  if ("upload" in question) {
    const { userId, count, agreed } = question.upload;
    const { id } = await uploadImport(userId, "people.csv", bodyOf(csvLines(count)));
    await importRepository.start(
      userId,
      id,
      optionsFor(agreed),
      agreed ? "Ticked the box in our shop" : null,
    );
    return { importId: id };
  }
  const { userId, importId } = question.run;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const startedAt = performance.now();
  const { peakMemory } = await runImportProcess(userId, importId);
  const seconds = (performance.now() - startedAt) / 1000;
  delay.disable();
  return { seconds, peakMemory, delay: delay.percentile(99) / 1e6 };
});

function bodyOf(lines: Generator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      let text = "";
      while (text.length < 64 * 1024) {
        const { done, value } = lines.next();
        if (done) break;
        text += value;
      }
      if (text === "") controller.close();
      else controller.enqueue(encoder.encode(text));
    },
  });
}
