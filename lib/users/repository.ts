import { createHash } from "node:crypto";
import { decrypt, encrypt } from "@/lib/crypto";
import { db, sql } from "@/lib/db";
import { notFound } from "@/lib/errors";
import { type UserId, userIdSchema } from "@/lib/tenant";
import type { Profile, SignUp } from "@/lib/users/schema";

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

const hashOf = (email: string) => createHash("sha256").update(email).digest("hex");

export const userRepository = {
  /** Throws a duplicate error (P2002) when the address is taken. */
  async create(input: Omit<SignUp, "password"> & { passwordHash: string }): Promise<UserId> {
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

  async update(userId: UserId, input: Profile): Promise<void> {
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

  async getPasswordHash(userId: UserId): Promise<string> {
    const user = await db.user.findUnique({ where: { id: userId }, select: { passwordHash: true } });
    if (!user) throw notFound("Account");
    return user.passwordHash;
  },

  /** Turns a session's claim into a tenant, unless the account is closed or its sessions were revoked since. */
  async findBySession(id: string, sessionVersion: number): Promise<UserId | null> {
    const user = await db.user.findUnique({ where: { id, sessionVersion, isActive: true }, select: { id: true } });
    return user && userIdSchema.parse(user.id);
  },

  /** Every session token issued so far stops working. */
  async revokeSessions(userId: UserId, changes: { passwordHash?: string } = {}): Promise<void> {
    await db.user.update({ where: { id: userId }, data: { ...changes, sessionVersion: { increment: 1 } } });
  },

  /** Failed sign-ins with this address in the last 15 minutes. */
  async countFailedSignIns(email: string): Promise<number> {
    const [row] = await sql<{ count: number }>`
      SELECT count(*)::int AS count FROM login_attempts
      WHERE "emailHash" = ${hashOf(email)} AND "createdAt" > now() - interval '15 minutes'`;
    return row?.count ?? 0;
  },

  /** Remembers a failed sign-in and forgets those that no longer count. */
  async recordFailedSignIn(email: string): Promise<void> {
    await sql`DELETE FROM login_attempts WHERE "createdAt" < now() - interval '1 day'`;
    await sql`INSERT INTO login_attempts ("emailHash") VALUES (${hashOf(email)})`;
  },

  /** Decrypted; null when the account is not connected. Throws when a secret cannot be opened. */
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
      webhookVerifyToken: user.webhookVerifyToken && decrypt(userId, "webhookVerifyToken", user.webhookVerifyToken),
    };
  },

  /** Throws a duplicate error (P2002) when another account uses this phone number. */
  async connect(userId: UserId, connection: NewConnection): Promise<void> {
    const { accessToken, appSecret, webhookVerifyToken, ...plain } = connection;
    await db.user.update({
      where: { id: userId },
      data: {
        ...plain,
        accessToken: encrypt(userId, "accessToken", accessToken),
        appSecret: appSecret && encrypt(userId, "appSecret", appSecret),
        webhookVerifyToken: webhookVerifyToken && encrypt(userId, "webhookVerifyToken", webhookVerifyToken),
      },
    });
  },

  async disconnect(userId: UserId): Promise<void> {
    await db.user.update({
      where: { id: userId },
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
  },

  /**
   * The accounts that a webhook may speak for, with the secrets that prove it: found by phone number id or
   * WhatsApp Business Account id. Nothing in the webhook is trusted before its signature matched one of them.
   */
  async findWebhookSecretsOfAllTenants(phoneNumberIds: string[], wabaIds: string[]) {
    const rows = await sql<{ id: string; appSecret: string | null; phoneNumberId: string | null; wabaId: string | null }>`
      SELECT id, "appSecret", "phoneNumberId", "wabaId" FROM users
      WHERE "phoneNumberId" = ANY(${phoneNumberIds}) OR "wabaId" = ANY(${wabaIds})`;
    return rows.map(({ id, appSecret, ...ids }) => {
      const userId = userIdSchema.parse(id);
      return { userId, ...ids, appSecret: appSecret && decrypt(userId, "appSecret", appSecret) };
    });
  },

  /** The verify tokens of all accounts with an own Meta app, for the webhook's handshake. */
  async findVerifyTokensOfAllTenants(): Promise<string[]> {
    const rows = await sql<{ id: string; token: string }>`
      SELECT id, "webhookVerifyToken" AS token FROM users WHERE "webhookVerifyToken" IS NOT NULL AND "isActive"`;
    return rows.map(({ id, token }) => decrypt(userIdSchema.parse(id), "webhookVerifyToken", token));
  },
};
