import * as z from "zod";
import { env } from "@/lib/env";
import { AppError, conflict } from "@/lib/errors";

const accountSchema = z.object({
  wabaId: z.string(),
  phoneNumberId: z.string(),
  displayPhoneNumber: z.string(),
  appId: z.string(),
  appSecret: z.string(),
  accessToken: z.string(),
});
export type SandboxAccount = z.infer<typeof accountSchema>;

export const hasSandbox = env.WHATSAPP_SANDBOX_URL !== undefined;

/** A new WhatsApp Business Account with one number, known to the sandbox only. */
export async function createSandboxAccount(): Promise<SandboxAccount> {
  if (!env.WHATSAPP_SANDBOX_URL) throw conflict("This installation has no sandbox");
  const response = await fetch(new URL("/_sandbox/accounts", env.WHATSAPP_SANDBOX_URL), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
    signal: AbortSignal.timeout(10_000),
  }).catch(() => null);
  const account = accountSchema.safeParse(response?.ok && (await response.json().catch(() => null)));
  if (!account.success) throw new AppError("UPSTREAM", "The sandbox did not answer. Try again in a minute.");
  return account.data;
}
