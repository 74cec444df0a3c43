import * as z from "zod";
import type { Op } from "./call";
import type { FunctionConfig } from "./config";
import { parseDeadline } from "./duration";
import { type Event, internalEvent } from "./events";
import type { Life } from "./executor";
import type { Memo, Run } from "./run";
import { ulid } from "./ulid";

const optsSchema = z.object({
  function_id: z.string(),
  payload: z.looseObject({ data: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  timeout: z.string().nullish(),
});

const YEAR = 365 * 86_400_000;
const TIMEOUT: Memo = {
  error: { name: "InngestInvokeTimeoutError", message: "Timed out waiting for invoked function to complete" },
};

/** Functions that wait for another one to end (SDK spec 5.3.4). */
export function createInvocations(
  find: (functionId: string) => FunctionConfig | undefined,
  start: (fn: FunctionConfig, event: Event) => void,
) {
  const callers = new Map<string, (memo: Memo) => void>();

  return {
    invoke(life: Life, run: Run, op: Op) {
      const { function_id, payload, timeout } = optsSchema.parse(op.opts);
      const fn = find(function_id);
      if (!fn) {
        life.complete(run, op.id, {
          error: { name: "Error", message: `could not find function with ID: ${function_id}` },
        });
        return;
      }

      const correlationId = `${run.id}.${op.id}`;
      const expires = timeout ? parseDeadline(timeout, Date.now()) : Date.now() + YEAR;
      const forget = () => {
        callers.delete(correlationId);
        run.cleanups.delete(forget);
        cancelTimer();
      };
      const resume = (memo: Memo) => {
        forget();
        life.complete(run, op.id, memo);
      };
      const cancelTimer = life.later(run, expires, () => resume(TIMEOUT));
      callers.set(correlationId, resume);
      run.cleanups.add(forget);

      const _inngest = {
        fn_id: function_id,
        correlation_id: correlationId,
        expire: expires,
        source_fn_id: run.fn.uuid,
      };
      const event = internalEvent(ulid(), "inngest/function.invoked", { ...payload?.data, _inngest });
      start(fn, { ...payload, ...event });
    },

    /** Hands the result of an invoked function to the one that waits for it. */
    settle(correlationId: string, memo: Memo) {
      callers.get(correlationId)?.(memo);
    },
  };
}
