import type { Route } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getServerSession, type NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { cache } from "react";
import * as z from "zod";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { logger } from "@/lib/logger";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";
import { askedHeader, signInPath, toReturnPath } from "@/lib/users/return-path";
import { credentialsSchema } from "@/lib/users/schema";
import { verifyCredentials } from "@/lib/users/service";

/** What a session token claims; whether it still holds is asked of the database on every request. */
const claimsSchema = z.object({ userId: z.string(), sessionVersion: z.number() });

/** Codes only: anybody may post whole sentences to next-auth's `_log`. */
const logCode = (level: "error" | "warn") => (code: string) =>
  logger[level]({ code: /^[A-Z0-9_]{1,60}$/.test(code) ? code : "UNKNOWN" }, "next-auth");

/** next-auth shows the message of whatever is thrown here, so only our own words may pass. */
function refuse(error: unknown): never {
  if (error instanceof AppError) throw new Error(error.message);
  logger.error({ error: error instanceof Error ? error.stack : String(error) }, "sign-in failed");
  throw new Error("Something went wrong on our side. Try again in a minute.");
}

export const authOptions: NextAuthOptions = {
  secret: env.NEXTAUTH_SECRET,
  session: { strategy: "jwt", maxAge: 30 * 24 * 60 * 60 },
  pages: { signIn: "/sign-in", signOut: "/", error: "/sign-in" },
  logger: { error: logCode("error"), warn: logCode("warn"), debug: () => undefined },
  providers: [
    Credentials({
      credentials: { email: { type: "email" }, password: { type: "password" } },
      async authorize(input) {
        const credentials = credentialsSchema.safeParse(input);
        return credentials.success ? verifyCredentials(credentials.data).catch(refuse) : null;
      },
    }),
  ],
  callbacks: {
    jwt: ({ token, user }) =>
      user && "sessionVersion" in user
        ? { ...token, userId: user.id, sessionVersion: user.sessionVersion }
        : token,
    session: ({ session, token }) => ({ ...session, ...claimsSchema.partial().parse(token) }),
    redirect: ({ url, baseUrl }) => `${baseUrl}${toReturnPath(url, baseUrl)}`,
  },
};

const findUser = cache(async (): Promise<UserId | null> => {
  const claims = claimsSchema.safeParse(await getServerSession(authOptions));
  return claims.success ? userRepository.findBySession(claims.data.userId, claims.data.sessionVersion) : null;
});

/** For route handlers: who is asking. Throws UNAUTHENTICATED. */
export async function authenticate(): Promise<UserId> {
  const userId = await findUser();
  if (!userId) throw new AppError("UNAUTHENTICATED", "Sign in first");
  return userId;
}

/** For pages: who is looking. Sends everybody else to the sign-in page, which leads back. */
export async function requireUser(): Promise<UserId> {
  return (await findUser()) ?? redirect(signInPath((await headers()).get(askedHeader)) as Route);
}

/** For the sign-in and sign-up pages: sends whoever is signed in already where they would go from there. */
export async function requireNobody(returnPath = "/"): Promise<void> {
  if (await findUser()) redirect(returnPath as Route);
}
