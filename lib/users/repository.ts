import { createHash } from "node:crypto";
import * as z from "zod";
import type { ConsentSettings } from "@/lib/consent/schema";
import { builtInWords, ownWords } from "@/lib/consent/words";
import { decrypt, encrypt, type SecretColumn } from "@/lib/crypto";
import { db, sql, transaction } from "@/lib/db";
import { notFound } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { type UserId, userIdSchema } from "@/lib/tenant";
import type { Profile, SendingSettings } from "@/lib/users/schema";
import type { Retention } from "@/lib/webhook-events/schema";

const account = {
  id: true,
  email: true,
  businessName: true,
  timeZone: true,
  defaultCountry: true,
  wabaId: true,
  phoneNumberId: true,
  displayPhoneNumber: true,
  appId: true,
  isSandbox: true,
  messagesPerSecond: true,
  brakePercent: true,
  webhookEventDays: true,
  subscriptionTier: true,
  createdAt: true,
} as const;

/** Everything needed to talk to Meta for one account. Lives in memory only as long as a request or a step. */
export type Connection = {
  isSandbox: boolean;
  wabaId: string;
  phoneNumberId: string;
  appId: string | null;
  accessToken: string;
  appSecret: string | null;
  webhookVerifyToken: string | null;
  messagesPerSecond: number;
};

export type NewConnection = Pick<Connection, "isSandbox" | "wabaId" | "phoneNumberId" | "accessToken"> & {
  displayPhoneNumber: string | null;
  appId: string | null;
  appSecret: string | null;
  webhookVerifyToken: string | null;
};

/** No campaign is being sent. */
const isQuiet = { campaigns: { none: { status: "processing" } } } as const;

export type NewUser = Profile & { email: string; passwordHash: string };

const ATTEMPTS = 10;

const hashOf = (email: string) => createHash("sha256").update(email).digest("hex");

export const userRepository = {
  /** Throws a duplicate error (P2002) when the address is taken. */
  async create(input: NewUser): Promise<UserId> {
    const { id } = await db.user.create({ data: input, select: { id: true } });
    return userIdSchema.parse(id);
  },

  /** The account without its secrets; `has…` tells which are stored. */
  async get(userId: UserId) {
    const user = await db.user.findUnique({
      where: { id: userId },
      select: { ...account, accessToken: true, appSecret: true, webhookVerifyToken: true },
    });
    if (!user) throw notFound("Account");
    const { accessToken, appSecret, webhookVerifyToken, ...rest } = user;
    return {
      ...rest,
      isConnected: accessToken !== "",
      hasAccessToken: accessToken !== "",
      hasAppSecret: appSecret !== null,
      hasWebhookVerifyToken: webhookVerifyToken !== null,
    };
  },

  /** By which words people opt out and in, and what they are answered. */
  async getConsentSettings(userId: UserId) {
    const settings = await db.user.findUnique({
      where: { id: userId },
      select: { optOutWords: true, optInWords: true, confirmsOptOut: true, optOutReply: true },
    });
    if (!settings) throw notFound("Account");
    return settings;
  },

  async updateConsentSettings(userId: UserId, settings: ConsentSettings): Promise<void> {
    const { optOutWords, optInWords, confirmsOptOut, optOutReply } = settings;
    await db.user.update({
      where: { id: userId },
      data: {
        optOutWords: ownWords(optOutWords, builtInWords.optOut),
        optInWords: ownWords(optInWords, builtInWords.optIn),
        confirmsOptOut,
        optOutReply: optOutReply || null,
      },
    });
  },

  async update(userId: UserId, input: Profile | SendingSettings | Retention): Promise<void> {
    await db.user.update({ where: { id: userId }, data: input });
  },

  /** What a sign-in needs; null for an unknown or closed account. */
  async findCredentials(email: string) {
    const user = await db.user.findUnique({
      where: { email, isActive: true },
      select: { id: true, passwordHash: true, sessionVersion: true },
    });
    return user && { ...user, id: userIdSchema.parse(user.id) };
  },

  /** What a signed-in person needs to prove the password again. */
  async getCredentials(userId: UserId) {
    const user = await db.user.findUnique({
      where: { id: userId },
      select: { email: true, businessName: true, passwordHash: true },
    });
    if (!user) throw notFound("Account");
    return user;
  },

  /** Turns a session's claim into a tenant, unless the account is closed or its sessions were revoked since. */
  async findBySession(id: string, sessionVersion: number): Promise<UserId | null> {
    const user = await db.user.findUnique({
      where: { id, sessionVersion, isActive: true },
      select: { id: true },
    });
    return user && userIdSchema.parse(user.id);
  },

  /** Every session token issued so far stops working. */
  async revokeSessions(userId: UserId, changes: { passwordHash?: string } = {}): Promise<void> {
    await db.user.update({ where: { id: userId }, data: { ...changes, sessionVersion: { increment: 1 } } });
  },

  /**
   * Takes one of the ten tries that an address has in 15 minutes, whether or not it has an account. Returns null, or
   * when none is left, the minutes until the next one. Callers of the same address wait for each other, so that
   * parallel guesses cannot share a try.
   */
  async takeSignInAttempt(email: string): Promise<number | null> {
    const emailHash = hashOf(email);
    return transaction(async (sql) => {
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${emailHash}, 0))`;
      const [used] = await sql<{ attempts: number; minutes: number }>`
        SELECT count(*)::int AS attempts,
               greatest(1, ceil(extract(epoch FROM min("createdAt") + interval '15 minutes' - now()) / 60))::int AS minutes
        FROM (
          SELECT "createdAt" FROM login_attempts
          WHERE "emailHash" = ${emailHash} AND "createdAt" > now() - interval '15 minutes'
          ORDER BY "createdAt" DESC LIMIT ${ATTEMPTS}
        ) AS latest`;
      if (used && used.attempts >= ATTEMPTS) return used.minutes;
      await sql`INSERT INTO login_attempts ("emailHash") VALUES (${emailHash})`;
      return null;
    });
  },

  /** After a successful one: all tries are free again, and attempts of yesterday are forgotten for everybody. */
  async forgetSignInAttempts(email: string): Promise<void> {
    await sql`
      DELETE FROM login_attempts WHERE "emailHash" = ${hashOf(email)} OR "createdAt" < now() - interval '1 day'`;
  },

  /** Decrypted; null when the account is not connected. Throws `UnreadableSecretError`. */
  async findConnection(userId: UserId): Promise<Connection | null> {
    const user = await db.user.findUnique({
      where: { id: userId, isActive: true },
      select: { ...account, accessToken: true, appSecret: true, webhookVerifyToken: true },
    });
    if (!user?.wabaId || !user.phoneNumberId || user.accessToken === "") return null;
    return {
      isSandbox: user.isSandbox,
      wabaId: user.wabaId,
      phoneNumberId: user.phoneNumberId,
      appId: user.appId,
      messagesPerSecond: user.messagesPerSecond,
      accessToken: decrypt(userId, "accessToken", user.accessToken),
      appSecret: user.appSecret && decrypt(userId, "appSecret", user.appSecret),
      webhookVerifyToken:
        user.webhookVerifyToken && decrypt(userId, "webhookVerifyToken", user.webhookVerifyToken),
    };
  },

  /**
   * False while a campaign is being sent through another phone number, which then stays. Throws a duplicate error
   * (P2002) when another account uses this phone number.
   */
  async connect(userId: UserId, connection: NewConnection): Promise<boolean> {
    const { accessToken, appSecret, webhookVerifyToken, ...plain } = connection;
    const { count } = await db.user.updateMany({
      where: { id: userId, OR: [{ phoneNumberId: connection.phoneNumberId }, isQuiet] },
      data: {
        ...plain,
        accessToken: encrypt(userId, "accessToken", accessToken),
        appSecret: appSecret && encrypt(userId, "appSecret", appSecret),
        webhookVerifyToken: webhookVerifyToken && encrypt(userId, "webhookVerifyToken", webhookVerifyToken),
      },
    });
    return count === 1;
  },

  /** False while a campaign is being sent. */
  async disconnect(userId: UserId): Promise<boolean> {
    const { count } = await db.user.updateMany({
      where: { id: userId, ...isQuiet },
      data: {
        accessToken: "",
        appSecret: null,
        webhookVerifyToken: null,
        wabaId: null,
        phoneNumberId: null,
        displayPhoneNumber: null,
        appId: null,
        isSandbox: false,
      },
    });
    return count === 1;
  },

  /**
   * The accounts that a webhook may speak for, with the secrets that prove it: named by the callback's path, by phone
   * number id or by WhatsApp Business Account id. Nothing of a webhook is believed before its signature matched one.
   */
  async findWebhookSecretsOfAllTenants(names: {
    accountKey?: string | undefined;
    phoneNumberIds: string[];
    wabaIds: string[];
  }) {
    const rows = await sql<{
      id: string;
      appSecret: string | null;
      phoneNumberId: string | null;
      wabaId: string | null;
    }>`
      SELECT "id", "appSecret", "phoneNumberId", "wabaId" FROM users
      WHERE "id" = ${z.uuid().safeParse(names.accountKey).data ?? null}::uuid OR "phoneNumberId" = ANY(${names.phoneNumberIds})
        OR "wabaId" = ANY(${names.wabaIds})`;
    return rows.map(({ id, appSecret, ...ids }) => {
      const userId = userIdSchema.parse(id);
      return { userId, ...ids, appSecret: appSecret && openSecret(userId, "appSecret", appSecret) };
    });
  },

  /**
   * For the webhook's handshake: the verify tokens of all accounts with an own Meta app, or of the one that the callback's
   * path names.
   */
  async findVerifyTokensOfAllTenants(accountKey?: string): Promise<string[]> {
    const named = z.uuid().safeParse(accountKey).data ?? null;
    const rows = await sql<{ id: string; token: string }>`
      SELECT id, "webhookVerifyToken" AS token FROM users
      WHERE "webhookVerifyToken" IS NOT NULL AND "isActive" AND (${accountKey === undefined} OR id = ${named}::uuid)`;
    return rows.flatMap(
      ({ id, token }) => openSecret(userIdSchema.parse(id), "webhookVerifyToken", token) ?? [],
    );
  },
};

const unreadable = new Set<string>();

/** Null when it cannot be opened: that is the account's trouble and nobody else's. Said once. */
function openSecret(userId: UserId, column: SecretColumn, text: string): string | null {
  try {
    return decrypt(userId, column, text);
  } catch (error) {
    if (!unreadable.has(text))
      logger.error({ userId, column, error: String(error) }, "a secret cannot be opened");
    unreadable.add(text);
    return null;
  }
}
