import * as z from "zod";
import { createSandbox } from "./sandbox";

const env = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65_535).default(4010),
    SANDBOX_DIR: z.string().min(1).default(".campanile/sandbox"),
    SANDBOX_REVIEW_MS: z.coerce.number().min(0).default(3000),
    SANDBOX_SEED: z.string().min(1).default("campanile"),
    SANDBOX_SPEED: z.coerce.number().min(0).default(1),
  })
  .parse(process.env);

const sandbox = createSandbox({
  port: env.PORT,
  dir: env.SANDBOX_DIR,
  reviewMs: env.SANDBOX_REVIEW_MS,
  seed: env.SANDBOX_SEED,
  speed: env.SANDBOX_SPEED,
});

await sandbox.listen();
console.log(`WhatsApp sandbox ready on ${sandbox.url}`);
process.send?.({ ready: true, port: sandbox.port });

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  await sandbox.close();
  process.exit(0);
}
for (const signal of ["SIGTERM", "SIGINT", "disconnect"]) process.on(signal, () => void stop());
