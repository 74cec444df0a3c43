import { signIn } from "next-auth/react";
import type { SignInCredentials } from "@/lib/users/schema";

/** Resolves when this browser is signed in; rejects with words for the person. */
export async function signInWithPassword({ email, password }: SignInCredentials): Promise<void> {
  const result = await signIn("credentials", { email, password, redirect: false });
  if (result?.error === "CredentialsSignin")
    throw new Error("This address and password do not belong together.");
  if (result?.error) throw new Error(result.error);
  // Without its own cookie next-auth answers with a success that leads back to the sign-in page.
  if (!result?.ok || result.url?.includes("csrf=true")) {
    throw new Error(
      "Your browser did not keep the sign-in cookie. Allow cookies for this site and try again.",
    );
  }
}
