import { fork } from "node:child_process";
import { once } from "node:events";

export type Worker = {
  readonly pid: number;
  /** Asks one thing and waits for the answer; one question at a time. */
  ask<Answer>(question: object | string): Promise<Answer>;
  stop(): Promise<void>;
};

export async function openWorker(name: string, env: Record<string, string>): Promise<Worker> {
  const child = fork(`bench/workers/${name}.ts`, [], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...env },
    // Ctrl-C is for the parent, which ends the worker in its turn.
    detached: process.platform !== "win32",
  });
  const hear = async (): Promise<unknown> => {
    const heard = new AbortController();
    const ended = once(child, "exit", { signal: heard.signal }).then(() => {
      throw new Error(`The worker ${name} ended before it answered.`);
    });
    ended.catch(() => undefined);
    try {
      const [message] = await Promise.race([once(child, "message", { signal: heard.signal }), ended]);
      return message;
    } finally {
      heard.abort();
    }
  };
  await hear();
  return {
    pid: child.pid ?? 0,
    async ask<Answer>(question: object | string) {
      const answer = hear();
      child.send(question);
      return (await answer) as Answer;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}
