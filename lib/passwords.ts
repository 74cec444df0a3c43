import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** OWASP's password storage cheat sheet: scrypt with N = 2^17, r = 8, p = 1 (128 MiB). */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };

const derive = (password: string, salt: Buffer) =>
  new Promise<Buffer>((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, 32, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt.${salt.toString("base64url")}.${(await derive(password, salt)).toString("base64url")}`;
}

/** Takes as long for an unknown person (`hash` undefined) as for a wrong password, so that time tells nothing. */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const [, salt = "", key = ""] = (hash ?? "").split(".");
  const expected = Buffer.alloc(32);
  Buffer.from(key, "base64url").copy(expected);
  const matches = timingSafeEqual(await derive(password, Buffer.from(salt, "base64url")), expected);
  return matches && hash !== undefined;
}
