import { once } from "node:events";
import { createCaller } from "./call";
import { scheduleCron } from "./cron";
import { createEarlyEvents } from "./early";
import type { Event } from "./events";
import { createExecutor } from "./executor";
import { createInvocations } from "./invocations";
import { correlationOf, endEvents, invocationResult } from "./lifecycle";
import { createOperations } from "./operations";
import { createQueue } from "./queue";
import { createRegistry, type Schedule } from "./registry";
import { type RunSummary, summarize } from "./run";
import { createScheduler } from "./scheduler";
import { createHttpServer } from "./server";
import { createSync } from "./sync";
import { createTimers } from "./timers";
import { createWaits } from "./waits";

const SECOND = 1_000;

/** Seconds before each retry on an Inngest server; up to half a minute of jitter comes on top. */
const BACKOFF = [15, 30, 60, 120, 300, 600, 1_200, 2_400, 3_600, 7_200];
const JITTER = 30;

export type EngineOptions = {
  /** App endpoints to keep in sync with. */
  appUrls?: string[];
  pollInterval?: number;
  pollRetryInterval?: number;
  /** Milliseconds before the attempt that follows attempt number `attempt`. */
  retryDelay?: (attempt: number) => number;
  /** Calls under way at the same time, over all functions. */
  workers?: number;
  /** Steps in one run; Inngest allows as many as is the default here. */
  maxSteps?: number;
  /** Ended runs that the overview still shows. */
  history?: number;
  /** Events that are held until the first app has registered. */
  maxEarlyEvents?: number;
  schedule?: Schedule;
  log?: (line: string) => void;
};

export type Engine = ReturnType<typeof createEngine>;

/** An Inngest server in memory: it keeps nothing when it ends, and speaks the SDK's protocol as `inngest dev` does. */
export function createEngine(options: EngineOptions = {}) {
  const { appUrls = [], pollInterval = 5 * SECOND, pollRetryInterval = SECOND / 2 } = options;
  const { retryDelay = backoff, workers = 100, maxSteps = 1_000, history = 500 } = options;
  const { maxEarlyEvents = 10_000 } = options;
  const { schedule = scheduleCron, log = () => {} } = options;

  const ended: RunSummary[] = [];
  const timers = createTimers();
  const caller = createCaller();
  const queue = createQueue(workers, (error) => log(`The engine made a mistake: ${error}`));
  const waits = createWaits(log);
  const early = createEarlyEvents(maxEarlyEvents, log);
  const registry = createRegistry(
    schedule,
    (fn, cron, at) => scheduler.fireCron(fn, cron, at),
    () => early.release(scheduler.receive),
  );
  const sync = createSync({ registry, interval: pollInterval, retryInterval: pollRetryInterval, log });
  const invocations = createInvocations(registry.find, (fn, event) => scheduler.invoke(fn, event));
  const executor = createExecutor({
    queue,
    timers,
    retryDelay,
    maxSteps,
    call: (job) => caller.call(job, registry.find(job.run.fn.id)?.url ?? job.run.fn.url),
    operate: createOperations({ waits, invoke: invocations.invoke }),
    onEnd(run, outcome) {
      ended.push(summarize(run));
      if (ended.length > history) ended.shift();
      if (run.error) log(`${run.fn.id} failed: ${run.error.name}: ${run.error.message}`);
      for (const event of run.events) {
        const correlationId = correlationOf(event);
        if (correlationId !== undefined) invocations.settle(correlationId, invocationResult(outcome));
      }
      for (const event of endEvents(run, outcome)) scheduler.receive(event);
    },
  });
  const scheduler = createScheduler({ executor, registry, timers, waits, log });

  const receive = (event: Event) => (registry.isEmpty() ? early.hold(event) : scheduler.receive(event));
  const runs = () => [...executor.list().map(summarize), ...ended].sort((a, b) => (a.id < b.id ? 1 : -1));
  const overview = () => ({ apps: registry.list(), sync: sync.states(), runs: runs() });
  const server = createHttpServer({ registry, executor, receive, overview });

  function url(): string {
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("The engine does not listen yet");
    return `http://127.0.0.1:${address.port}`;
  }

  return {
    get url() {
      return url();
    },

    /** Starts to serve, on a free port if none is given, and to sync. */
    async listen(port = 0): Promise<string> {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      sync.start(appUrls);
      return url();
    },

    /** Asks one app for its functions now. */
    sync: sync.syncOnce,

    runs,
    overview,

    async close(): Promise<void> {
      sync.close();
      registry.close();
      executor.close();
      timers.clear();
      server.closeAllConnections();
      if (server.listening) {
        server.close();
        await once(server, "close");
      }
      await caller.close();
    },
  };
}

function backoff(attempt: number): number {
  return ((BACKOFF[attempt] ?? 7_200) + Math.random() * JITTER) * SECOND;
}
