/** Runs the engine by itself: `tsx local/engine/main.ts`, with PORT and INNGEST_APP_URLS in the environment. */
import * as z from "zod";
import { createEngine } from "./engine";

const env = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65_535).default(8288),
    INNGEST_APP_URLS: z
      .string()
      .default("")
      .transform((list) =>
        list
          .split(",")
          .map((url) => url.trim())
          .filter(Boolean),
      )
      .pipe(z.array(z.url())),
  })
  .parse(process.env);

const engine = createEngine({
  appUrls: env.INNGEST_APP_URLS,
  log: (line) => console.error(`[engine] ${line}`),
});

let isStopping = false;
async function stop() {
  if (isStopping) return;
  isStopping = true;
  await engine.close();
  process.exit(0);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("disconnect", stop);

const url = await engine.listen(env.PORT);
console.log(`Background engine on ${url}`);
process.send?.({ ready: true, port: Number(new URL(url).port) });
