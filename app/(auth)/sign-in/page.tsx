import type { Metadata } from "next";
import Link from "next/link";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Alert } from "@/components/ui/alert";
import { requireNobody } from "@/lib/auth";
import { env } from "@/lib/env";
import { toReturnPath } from "@/lib/users/return-path";

export const metadata: Metadata = { title: "Sign in" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const notices: Record<string, string> = {
  "password-changed": "Your password is changed and every device is signed out. Sign in with the new one.",
  "signed-out-everywhere": "Every device is signed out.",
};

export default async function SignInPage({ searchParams }: Props) {
  const { callbackUrl, reason, error } = await searchParams;
  const returnPath = toReturnPath(callbackUrl, env.NEXTAUTH_URL);
  await requireNobody(returnPath);
  const notice = notices[String(reason)];
  return (
    <div className="grid gap-6">
      <div className="grid gap-1">
        <h1 className="font-semibold text-2xl tracking-tight">Sign in</h1>
        <p className="text-muted-foreground">
          WhatsApp campaigns to people who agreed to hear from your business.
        </p>
      </div>
      {notice && <Alert tone="success">{notice}</Alert>}
      {reason === "ended" && <Alert>You are signed out. Sign in to go on where you were.</Alert>}
      {error !== undefined && <Alert tone="danger">Signing in did not work. Please try again.</Alert>}
      <SignInForm returnPath={returnPath} />
      <p className="text-muted-foreground">
        No account yet?{" "}
        <Link href="/sign-up" className="font-medium text-primary underline underline-offset-4">
          Create one
        </Link>
      </p>
    </div>
  );
}
