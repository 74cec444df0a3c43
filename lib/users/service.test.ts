import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { sql } from "@/lib/db";
import { hashPassword } from "@/lib/passwords";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";
import { userRepository } from "@/lib/users/repository";
import { signUpSchema } from "@/lib/users/schema";
import { changePassword, signOutEverywhere, signUp, verifyCredentials } from "@/lib/users/service";

/** A password is meant to cost time and memory, more so on a busy machine. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const password = "seven wild horses";
let passwordHash: string;

beforeAll(async () => {
  passwordHash = await hashPassword(password);
});

const newAddress = () => `${randomUUID()}@example.com`;

/** An account with the password above, without the cost of one more hash. */
const open = (email: string) => createUser({ email, passwordHash, businessName: "Forno Bianchi" });

const register = (email: string, changes: object = {}) =>
  signUp(signUpSchema.parse({ email, password, businessName: "Forno Bianchi", ...changes }));

const versionOf = async (email: string) =>
  (await verifyCredentials({ email, password }))?.sessionVersion ?? -1;

/** Ten wrong passwords without ten times the work of one. */
async function exhaust(email: string) {
  for (let attempt = 0; attempt < 10; attempt++) await userRepository.takeSignInAttempt(email);
}

/** Time passes for one address. */
const waited = (email: string, time: string) => sql`
  UPDATE login_attempts SET "createdAt" = "createdAt" - ${time}::interval
  WHERE "emailHash" = encode(sha256(convert_to(${email}, 'UTF8')), 'hex')`;

describe("signUp", () => {
  test("opens an account that can sign in, whatever the case of the address", async () => {
    const email = newAddress();

    const userId = await register(` ${email.toUpperCase()} `, { timeZone: "Asia/Kolkata" });

    expect(await verifyCredentials({ email, password })).toEqual({ id: userId, sessionVersion: 0 });
    expect(await userRepository.get(userId)).toMatchObject({
      email,
      businessName: "Forno Bianchi",
      timeZone: "Asia/Kolkata",
      defaultCountry: "IN",
      isConnected: false,
    });
  });

  test("prefers the country that was given, and falls back when the zone tells none", async () => {
    const given = await register(newAddress(), { timeZone: "Asia/Kolkata", defaultCountry: "NP" });
    const unknown = await register(newAddress());

    expect(await userRepository.get(given)).toMatchObject({ defaultCountry: "NP" });
    expect(await userRepository.get(unknown)).toMatchObject({ timeZone: "UTC", defaultCountry: "US" });
  });

  test("stores no password", async () => {
    const userId = await register(newAddress());

    const [row] = await sql<{
      text: string;
    }>`SELECT to_jsonb(users)::text AS text FROM users WHERE id = ${userId}`;

    expect(row?.text).toContain("scrypt.");
    expect(row?.text).not.toContain("horses");
  });

  test("lets one of two people with the same address in", async () => {
    const email = newAddress();

    const results = await Promise.allSettled([register(email), register(email.toUpperCase())]);

    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "INVALID", fields: { email: ["There is already an account with this address"] } },
    });
  });

  test.each(["qwertyuiop", "forno bianchi", "1234567890"])(
    "refuses the obvious password %s",
    async (obvious) => {
      await expect(register(newAddress(), { password: obvious })).rejects.toMatchObject({
        code: "INVALID",
        fields: { password: [expect.stringContaining("easy to guess")] },
      });
    },
  );

  test.each([
    ["email", { email: "nobody" }],
    ["password", { password: "too short" }],
    ["password", { password: "x".repeat(201) }],
    ["businessName", { businessName: "  " }],
    ["businessName", { businessName: "Forno\u0000Bianchi" }],
    ["timeZone", { timeZone: "Mars/Olympus" }],
    ["timeZone", { timeZone: "+05:45" }],
    ["defaultCountry", { defaultCountry: "Italy" }],
  ])("names the field %s", (field, changes) => {
    const input = { email: newAddress(), password, businessName: "Forno Bianchi", ...changes };

    const { error } = signUpSchema.safeParse(input);

    expect(error?.issues.map(({ path }) => path.join("."))).toEqual([field]);
  });
});

describe("verifyCredentials", () => {
  test("knows neither a wrong password nor an unknown address nor a closed account", async () => {
    const [email, closed] = [newAddress(), newAddress()];
    const [, closedId] = await Promise.all([open(email), open(closed)]);
    await sql`UPDATE users SET "isActive" = false WHERE id = ${closedId}`;

    expect(await verifyCredentials({ email, password: "seven wild horsez" })).toBeNull();
    expect(await verifyCredentials({ email: newAddress(), password })).toBeNull();
    expect(await verifyCredentials({ email: closed, password })).toBeNull();
  });

  test("refuses an address after ten failures, says when to try again, and lets it in later", async () => {
    const email = newAddress();
    const userId = await open(email);
    await exhaust(email);

    await expect(verifyCredentials({ email, password })).rejects.toMatchObject({
      code: "RATE_LIMITED",
      message: "Too many wrong passwords for this address. Try again in 15 minutes.",
    });

    await waited(email, "14 minutes 30 seconds");
    await expect(verifyCredentials({ email, password })).rejects.toMatchObject({
      message: "Too many wrong passwords for this address. Try again in a minute.",
    });

    await waited(email, "1 minute");
    expect(await verifyCredentials({ email, password })).toMatchObject({ id: userId });
  });

  test("limits an address without an account alike, and no other address", async () => {
    const [unknown, email] = [newAddress(), newAddress()];
    await open(email);
    await exhaust(unknown);

    await expect(verifyCredentials({ email: unknown, password })).rejects.toMatchObject({
      code: "RATE_LIMITED",
    });
    expect(await verifyCredentials({ email, password })).not.toBeNull();
  });

  test("forgets the failures when the right password comes", async () => {
    const email = newAddress();
    await open(email);
    for (let attempt = 0; attempt < 9; attempt++) await userRepository.takeSignInAttempt(email);

    expect(await verifyCredentials({ email, password })).not.toBeNull();
    expect(await userRepository.takeSignInAttempt(email)).toBeNull();
  });

  test("gives parallel guesses ten tries together", async () => {
    const email = newAddress();

    const taken = await Promise.all(
      Array.from({ length: 40 }, () => userRepository.takeSignInAttempt(email)),
    );

    expect(taken.filter((minutes) => minutes === null)).toHaveLength(10);
  });

  test("does not store whom somebody tried", async () => {
    const email = newAddress();
    await userRepository.takeSignInAttempt(email);

    const rows = await sql<{
      text: string;
    }>`SELECT to_jsonb(login_attempts)::text AS text FROM login_attempts`;

    expect(rows.map(({ text }) => text).join()).not.toContain(email);
  });
});

describe("sessions", () => {
  const holds = (userId: UserId, version: number) => userRepository.findBySession(userId, version);

  test("end when the owner signs out everywhere, and nobody else's do", async () => {
    const [email, other] = [newAddress(), newAddress()];
    const [userId, stranger] = await Promise.all([open(email), open(other)]);

    await signOutEverywhere(userId);

    expect(await holds(userId, 0)).toBeNull();
    expect(await holds(stranger, 0)).toBe(stranger);
    expect(await holds(userId, await versionOf(email))).toBe(userId);
  });

  test("end when the account is closed", async () => {
    const userId = await open(newAddress());
    expect(await holds(userId, 0)).toBe(userId);

    await sql`UPDATE users SET "isActive" = false WHERE id = ${userId}`;

    expect(await holds(userId, 0)).toBeNull();
  });

  test("end when the password changes, and only the new one works", async () => {
    const email = newAddress();
    const userId = await open(email);

    await changePassword(userId, { currentPassword: password, password: "eight tame horses" });

    expect(await holds(userId, 0)).toBeNull();
    expect(await verifyCredentials({ email, password })).toBeNull();
    expect(await verifyCredentials({ email, password: "eight tame horses" })).toMatchObject({
      sessionVersion: 1,
    });
  });
});

describe("changePassword", () => {
  test("wants the current one, and counts wrong ones like failed sign-ins", async () => {
    const email = newAddress();
    const userId = await open(email);

    await expect(
      changePassword(userId, { currentPassword: "a guess at it", password: "eight tame horses" }),
    ).rejects.toMatchObject({ code: "INVALID", fields: { currentPassword: [expect.any(String)] } });

    await exhaust(email);
    await expect(
      changePassword(userId, { currentPassword: password, password: "eight tame horses" }),
    ).rejects.toMatchObject({ code: "RATE_LIMITED" });
  });

  test("refuses an obvious new one", async () => {
    const userId = await open(newAddress());

    await expect(
      changePassword(userId, { currentPassword: password, password: "Forno Bianchi" }),
    ).rejects.toMatchObject({ fields: { password: [expect.any(String)] } });
  });
});
