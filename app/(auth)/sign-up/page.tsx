import type { Metadata } from "next";
import Link from "next/link";
import { SignUpForm } from "@/components/auth/sign-up-form";
import { requireNobody } from "@/lib/auth";
import { hasSandbox } from "@/lib/whatsapp/sandbox";

export const metadata: Metadata = { title: "Create an account" };

export default async function SignUpPage() {
  await requireNobody();
  return (
    <div className="grid gap-6">
      <div className="grid gap-1">
        <h1 className="font-semibold text-2xl tracking-tight">Create an account</h1>
        <p className="text-muted-foreground">
          Campanile sends your WhatsApp campaigns to people who agreed to hear from you.
          {hasSandbox && " You start in a sandbox: nothing reaches a real phone until you connect a number."}
        </p>
      </div>
      <SignUpForm />
      <p className="text-muted-foreground">
        You have an account?{" "}
        <Link href="/sign-in" className="font-medium text-primary underline underline-offset-4">
          Sign in
        </Link>
      </p>
    </div>
  );
}
