import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { inboundOf, type Sender, signedRequest, statusOf } from "@/bench/meta";
import { answer } from "@/bench/workers/answer";

type Question = {
  port: number;
  sender: Sender;
  seconds: number;
  /** Each is reported as sent, delivered and read. */
  messageIds: string[];
  statusesPerSecond: number;
  /** Who writes, in turn. */
  waIds: string[];
  textsPerSecond: number;
};

/** The server closes a connection that was idle for five seconds. */
const KEPT_MS = 3000;

type Line = { socket: Socket; usedAt: number; call: { index: number; dueAt: number } | null };

/** No answer after so long counts as one that is not 200. */
const PATIENCE_MS = 30_000;

/**
 * Calls at the instants of a timetable, whatever has been answered, as Meta does. An answer is late against the timetable,
 * so that a call that had to wait for the caller counts as well.
 */
answer<Question>(async ({ port, sender, seconds, ...load }) => {
  const perSecond = load.statusesPerSecond + load.textsPerSecond;
  const count = seconds * perSecond;
  const latencies = new Float64Array(count);
  const idle: Line[] = [];
  let answered = 0;
  let refused = 0;
  let allAnswered = () => {};

  const noteAnswer = (index: number, dueAt: number, isTaken: boolean) => {
    latencies[index] = performance.now() - dueAt;
    if (!isTaken) refused++;
    if (++answered === count) allAnswered();
  };
  const open = (): Line => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const line: Line = { socket, usedAt: 0, call: null };
    const end = (isTaken: boolean) => {
      const { call } = line;
      line.call = null;
      if (call) noteAnswer(call.index, call.dueAt, isTaken);
    };
    socket.on("error", () => end(false));
    socket.on("close", () => end(false));
    socket.on("data", (response) => {
      line.usedAt = performance.now();
      idle.push(line);
      end(response.toString("latin1", 9, 12) === "200");
    });
    return line;
  };
  const call = (index: number, dueAt: number, request: Buffer) => {
    let line = idle.pop();
    if (line && performance.now() - line.usedAt > KEPT_MS) {
      // Whatever lies below was used earlier still.
      for (const { socket } of [line, ...idle.splice(0)]) socket.destroy();
      line = undefined;
    }
    line ??= open();
    line.call = { index, dueAt };
    line.socket.write(request);
  };

  const nextRequest = createTimetable(sender, load);
  const startedAt = performance.now();
  for (let index = 0; index < count; ) {
    const due = Math.min(count, Math.ceil(((performance.now() - startedAt) / 1000) * perSecond));
    for (; index < due; index++) call(index, startedAt + (index / perSecond) * 1000, nextRequest(index));
    await sleep(1);
  }
  const done = new Promise<void>((resolve) => (allAnswered = resolve));
  if (answered < count) await Promise.race([done, sleep(PATIENCE_MS)]);
  for (const { socket } of idle) socket.destroy();
  const sorted = latencies.slice(0, count).sort();
  const at = (share: number) => sorted[Math.min(count - 1, Math.floor(count * share))] ?? 0;
  return {
    calls: count,
    refused: refused + count - answered,
    p50: at(0.5),
    p99: at(0.99),
    most: at(1),
    seconds: (performance.now() - startedAt) / 1000,
  };
});

/** Texts spread evenly among the statuses. */
function createTimetable(sender: Sender, { messageIds, waIds, statusesPerSecond, textsPerSecond }: Load) {
  const states = ["sent", "delivered", "read"] as const;
  const every = (statusesPerSecond + textsPerSecond) / textsPerSecond;
  let statuses = 0;
  let texts = 0;
  return (index: number) => {
    if (Math.floor((index + 1) / every) > texts) {
      const waId = waIds[texts % waIds.length] ?? "";
      return signedRequest(sender, { messages: [inboundOf(waId, texts++)] });
    }
    const messageId = messageIds[Math.floor(statuses / states.length)] ?? "";
    const step = statuses++ % states.length;
    return signedRequest(sender, { statuses: [statusOf(messageId, states[step] ?? "sent", step)] });
  };
}
type Load = Pick<Question, "messageIds" | "waIds" | "statusesPerSecond" | "textsPerSecond">;
