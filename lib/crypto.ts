import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { env } from "@/lib/env";
import { UnreadableSecretError } from "@/lib/errors";
import type { UserId } from "@/lib/tenant";

/** The columns of `users` that hold secrets. */
export type SecretColumn = "accessToken" | "webhookVerifyToken" | "appSecret";

const keyIdOf = (key: string) => createHash("sha256").update(key.toLowerCase()).digest("hex").slice(0, 8);

const keys = new Map(
  [env.ENCRYPTION_KEY, ...env.ENCRYPTION_KEYS_OLD].map((key) => [keyIdOf(key), Buffer.from(key, "hex")]),
);

/** Binds a ciphertext to its row and column: moved elsewhere, it no longer opens. */
const context = (userId: UserId, column: SecretColumn) => Buffer.from(`${userId}:${column}`);

/** AES-256-GCM with a random 96-bit IV: `v1.<keyId>.<iv>.<tag>.<ciphertext>`, base64url. */
export function encrypt(userId: UserId, column: SecretColumn, secret: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(env.ENCRYPTION_KEY, "hex"), iv);
  cipher.setAAD(context(userId, column));
  const ciphertext = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  return ["v1", keyIdOf(env.ENCRYPTION_KEY), ...[iv, cipher.getAuthTag(), ciphertext].map(toText)].join(".");
}

/** Throws `UnreadableSecretError` when the text was not written for this row and column, or its key is not known. */
export function decrypt(userId: UserId, column: SecretColumn, text: string): string {
  try {
    return open(userId, column, text);
  } catch (cause) {
    throw new UnreadableSecretError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function open(userId: UserId, column: SecretColumn, text: string): string {
  const [version, keyId = "", iv = "", tag = "", ciphertext = ""] = text.split(".");
  const key = keys.get(keyId);
  if (version !== "v1" || !key) throw new Error(`${column} was encrypted with an unknown key`);
  const decipher = createDecipheriv("aes-256-gcm", key, toBytes(iv), { authTagLength: 16 });
  decipher.setAAD(context(userId, column));
  decipher.setAuthTag(toBytes(tag));
  return Buffer.concat([decipher.update(toBytes(ciphertext)), decipher.final()]).toString("utf8");
}

const toText = (bytes: Buffer) => bytes.toString("base64url");
const toBytes = (text: string) => Buffer.from(text, "base64url");
