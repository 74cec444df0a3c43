import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Secrets = { NEXTAUTH_SECRET: string; ENCRYPTION_KEY: string };

/** Made on the first start and kept (mode 0600), for whatever the environment does not set. */
export function readSecrets(directory: string): Secrets {
  const file = join(directory, "secrets.json");
  if (!existsSync(file)) {
    const secrets: Secrets = {
      NEXTAUTH_SECRET: randomBytes(32).toString("base64url"),
      ENCRYPTION_KEY: randomBytes(32).toString("hex"),
    };
    writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600, flag: "wx" });
  }
  return JSON.parse(readFileSync(file, "utf8"));
}
