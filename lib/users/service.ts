import { randomBytes } from "node:crypto";
import { ACCOUNT_ALERTS, STANDING_ALERTS } from "@/lib/alerts/keys";
import { alertRepository } from "@/lib/alerts/repository";
import { isDuplicate } from "@/lib/db/errors";
import { env } from "@/lib/env";
import { AppError, conflict, type FieldErrors, invalid, UnreadableSecretError } from "@/lib/errors";
import { laneRepository } from "@/lib/lanes/repository";
import { logger } from "@/lib/logger";
import { hashPassword, isPassword } from "@/lib/passwords";
import { endRestrictions } from "@/lib/standing/service";
import type { UserId } from "@/lib/tenant";
import { countryOf } from "@/lib/users/places";
import { type Connection, type NewConnection, userRepository } from "@/lib/users/repository";
import type {
  ChangePassword,
  ConnectionCheck,
  ConnectionInput,
  ConnectionReport,
  SignInCredentials,
  SignUp,
} from "@/lib/users/schema";
import { isWeakPassword } from "@/lib/users/weak-passwords";
import { type Candidate, inspectAccount, readNumber, subscribeWebhooks } from "@/lib/whatsapp/account";
import { createSandboxAccount, hasSandbox } from "@/lib/whatsapp/sandbox";

/** Opens an account and connects it to the sandbox where there is one. */
export async function signUp({ password, ...input }: SignUp): Promise<UserId> {
  refuseWeakPassword(password, [input.email, input.businessName]);
  const defaultCountry = input.defaultCountry ?? countryOf(input.timeZone) ?? "US";
  const passwordHash = await hashPassword(password);
  const userId = await userRepository
    .create({ ...input, defaultCountry, passwordHash })
    .catch((error: unknown) => {
      throw isDuplicate(error) ? invalid("email", "There is already an account with this address") : error;
    });
  if (hasSandbox) {
    await connectSandbox(userId).catch((error: unknown) => {
      // The account is more important than the sandbox, which Settings offers again.
      logger.warn({ userId, reason: String(error) }, "a new account could not be connected to the sandbox");
    });
  }
  return userId;
}

function refuseWeakPassword(password: string, personal: string[]) {
  if (isWeakPassword(password, personal)) {
    throw invalid("password", "This password is easy to guess. Choose one that nobody else would think of.");
  }
}

/** Null for a wrong password, an unknown address or a closed account, and all three take the same time. */
export async function verifyCredentials({ email, password }: SignInCredentials) {
  const user = await userRepository.findCredentials(email);
  const isRight = await isPasswordWithinLimit(email, password, user?.passwordHash);
  return user && isRight ? { id: user.id, sessionVersion: user.sessionVersion } : null;
}

/** The limit holds for the right password too: otherwise whoever guesses would learn from the refusal. */
async function isPasswordWithinLimit(
  email: string,
  password: string,
  hash: string | undefined,
): Promise<boolean> {
  const minutes = await userRepository.takeSignInAttempt(email);
  if (minutes !== null) {
    const when = minutes === 1 ? "in a minute" : `in ${minutes} minutes`;
    throw new AppError("RATE_LIMITED", `Too many wrong passwords for this address. Try again ${when}.`);
  }
  const isRight = await isPassword(password, hash);
  if (isRight) await userRepository.forgetSignInAttempts(email);
  return isRight;
}

/** Every session ends, this one too. */
export async function changePassword(
  userId: UserId,
  { currentPassword, password }: ChangePassword,
): Promise<void> {
  const { email, businessName, passwordHash } = await userRepository.getCredentials(userId);
  refuseWeakPassword(password, [email, businessName ?? ""]);
  if (!(await isPasswordWithinLimit(email, currentPassword, passwordHash))) {
    throw invalid("currentPassword", "This is not your current password");
  }
  await userRepository.revokeSessions(userId, { passwordHash: await hashPassword(password) });
}

export async function signOutEverywhere(userId: UserId): Promise<void> {
  await userRepository.revokeSessions(userId);
}

/** A fresh WhatsApp number that exists in the sandbox only. */
export async function connectSandbox(userId: UserId): Promise<ConnectionReport> {
  const account = await createSandboxAccount();
  const candidate = { ...account, isSandbox: true };
  return save(userId, { ...candidate, webhookVerifyToken: newVerifyToken() }, { checks: [], maySend: true });
}

/** Saves only what Meta accepts; warnings do not stand in the way. */
export async function connectWhatsApp(userId: UserId, input: ConnectionInput): Promise<ConnectionReport> {
  const [{ timeZone }, stored] = await Promise.all([userRepository.get(userId), findStoredSecrets(userId)]);
  const accessToken = input.accessToken || stored?.accessToken;
  if (!accessToken) throw invalid("accessToken", "Enter the access token");
  const appSecret = input.appSecret || stored?.appSecret || null;
  const candidate = {
    isSandbox: false,
    wabaId: input.wabaId,
    phoneNumberId: input.phoneNumberId,
    appId: input.appId || null,
    accessToken,
  };
  const { checks, appId, displayPhoneNumber, maySend } = await inspectAccount(
    { ...candidate, appSecret: appSecret ?? env.WHATSAPP_APP_SECRET ?? null },
    timeZone,
  );
  refuseErrors(checks);
  const webhookVerifyToken = input.webhookVerifyToken || stored?.webhookVerifyToken || newVerifyToken();
  const connection = { ...candidate, appId, appSecret, displayPhoneNumber, webhookVerifyToken };
  return save(userId, connection, { checks, maySend });
}

/** Tries the stored connection and renews the subscription to webhooks. */
export async function checkConnection(userId: UserId): Promise<ConnectionReport> {
  const [{ timeZone, isConnected }, connection] = await Promise.all([
    userRepository.get(userId),
    findConnectionIfReadable(userId),
  ]);
  if (!connection) return { isConnected: false, checks: isConnected ? [unreadable] : [] };
  const candidate = { ...connection, appSecret: connection.appSecret ?? env.WHATSAPP_APP_SECRET ?? null };
  const { checks, maySend } = await inspectAccount(candidate, timeZone);
  if (checks.some(({ state }) => state === "error")) return { isConnected: false, checks };
  if (maySend) await endRestrictions(userId);
  return {
    isConnected: true,
    checks: [...checks, await subscribe(candidate, connection.webhookVerifyToken)],
  };
}

export async function disconnectWhatsApp(userId: UserId): Promise<void> {
  if (!(await userRepository.disconnect(userId))) throw conflict(sending);
}

const sending = "A campaign is being sent. Pause it or wait until it is done, then change the number.";

const unreadable: ConnectionCheck = {
  name: "Access token",
  state: "error",
  detail: "The stored access token cannot be opened with this installation's key. Enter it again.",
  field: "accessToken",
};

const newVerifyToken = () => randomBytes(24).toString("hex");

async function save(
  userId: UserId,
  connection: NewConnection & { webhookVerifyToken: string },
  { checks, maySend }: { checks: ConnectionCheck[]; maySend: boolean },
): Promise<ConnectionReport> {
  const before = await userRepository.get(userId);
  const isSaved = await userRepository.connect(userId, connection).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
    const message = "Another Campanile account already uses this phone number. Disconnect it there first.";
    throw new AppError("CONFLICT", message, { phoneNumberId: [message] });
  });
  if (!isSaved) throw conflict(sending);
  await alertRepository.resolveAll(userId, ACCOUNT_ALERTS);
  if (before.wabaId !== connection.wabaId) await alertRepository.resolveAll(userId, STANDING_ALERTS);
  else if (maySend) await endRestrictions(userId);
  await learnLimits(userId, connection);
  return {
    isConnected: true,
    checks: [...checks, await subscribe(connection, connection.webhookVerifyToken)],
  };
}

/** So that the first campaign's check knows the messaging limit already. */
async function learnLimits(userId: UserId, connection: NewConnection): Promise<void> {
  await laneRepository.forget(userId);
  const number = await readNumber(connection, connection.phoneNumberId);
  if (number) await laneRepository.remember(userId, number);
}

const subscribe = (candidate: Candidate, verifyToken: string | null) =>
  subscribeWebhooks(candidate, verifyToken ?? env.WHATSAPP_VERIFY_TOKEN ?? "");

/** The sandbox's secrets are worth nothing at Meta and must not fill the gaps of a real connection. */
async function findStoredSecrets(userId: UserId): Promise<Connection | null> {
  const stored = await findConnectionIfReadable(userId);
  return stored?.isSandbox ? null : stored;
}

/** Null also when the secrets cannot be opened any more: the way out is to enter them again. */
async function findConnectionIfReadable(userId: UserId): Promise<Connection | null> {
  return userRepository.findConnection(userId).catch((error: unknown) => {
    if (!(error instanceof UnreadableSecretError)) throw error;
    logger.error({ userId, reason: String(error) }, "the stored secrets of an account cannot be opened");
    return null;
  });
}

function refuseErrors(checks: ConnectionCheck[]): void {
  const errors = checks.filter(({ state }) => state === "error");
  const [first] = errors;
  if (!first) return;
  const fields: FieldErrors = {};
  for (const { field, detail } of errors) if (field) fields[field] = [...(fields[field] ?? []), detail];
  throw new AppError(first.field ? "INVALID" : "UPSTREAM", first.detail, fields);
}
