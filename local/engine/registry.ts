import * as z from "zod";
import { type FunctionConfig, functionSchema } from "./config";
import { matchingPatterns } from "./events";

/** A sync request (SDK spec 4.3.2); its in-band form calls the app's name `app_id`. */
const registration = z
  .object({
    url: z.url(),
    appName: z.string().min(1).optional(),
    app_id: z.string().min(1).optional(),
    sdk: z.string().optional(),
    functions: z.array(z.looseObject({ id: z.string() })),
  })
  .transform(({ appName, app_id, ...rest }) => ({ ...rest, name: appName ?? app_id ?? "" }))
  .refine(({ name }) => name !== "", "an app needs a name");

type App = {
  name: string;
  url: string;
  sdk: string | undefined;
  checksum: string;
  functions: FunctionConfig[];
  stopCrons: () => void;
};

export type Schedule = (expression: string, fire: (scheduledAt: Date) => void) => () => void;
export type Registry = ReturnType<typeof createRegistry>;

/** The apps and functions that this engine knows, and the clocks of those with a schedule. */
export function createRegistry(
  schedule: Schedule,
  onCron: (fn: FunctionConfig, expression: string, scheduledAt: Date) => void,
  onChange: () => void,
) {
  const apps = new Map<string, App>();

  function find(id: string): FunctionConfig | undefined {
    for (const app of apps.values()) {
      const found = app.functions.find((fn) => fn.id === id);
      if (found) return found;
    }
    return undefined;
  }

  function startCrons(functions: FunctionConfig[]): () => void {
    const stops = functions.flatMap((fn) =>
      fn.triggers.flatMap(({ cron }) =>
        cron === undefined ? [] : [schedule(cron, (scheduledAt) => onCron(fn, cron, scheduledAt))],
      ),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }

  return {
    find,
    isEmpty: () => apps.size === 0,

    /** Takes over all functions of an app or, if one of them asks for what the engine cannot do, none. Throws then. */
    register(body: unknown): { app: string; modified: boolean } {
      const { name, url, sdk, functions: raw } = parse(registration, body, "The sync request is invalid");
      const checksum = JSON.stringify([url, raw]);
      const known = apps.get(name);
      if (known?.checksum === checksum) return { app: name, modified: false };

      const functions = raw.map((fn) => parse(functionSchema, fn, `The function "${fn.id}" is invalid`));
      known?.stopCrons();
      apps.set(name, { name, url, sdk, checksum, functions, stopCrons: startCrons(functions) });
      onChange();
      return { app: name, modified: true };
    },

    /** The functions with a trigger for this event name, and what else the trigger asks of the event. */
    triggeredBy(eventName: string) {
      const patterns = matchingPatterns(eventName);
      return [...apps.values()].flatMap((app) =>
        app.functions.map((fn) => ({
          fn,
          conditions: fn.triggers
            .filter(({ event }) => event !== undefined && patterns.includes(event))
            .map(({ expression }) => expression),
        })),
      );
    },

    list() {
      return [...apps.values()].map(({ name, url, sdk, functions }) => ({
        name,
        url,
        sdk,
        functions: functions.map(({ id, name, triggers }) => ({
          id,
          name,
          triggers: triggers.map(({ event, cron }) => event ?? cron),
        })),
      }));
    },

    close() {
      for (const app of apps.values()) app.stopCrons();
    },
  };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, complaint: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new Error(`${complaint}: ${z.prettifyError(result.error)}`);
  return result.data;
}
