import type { Metadata } from "next";
import { PasswordForm } from "@/components/settings/password-form";
import { SessionsCard } from "@/components/settings/sessions-card";
import { SettingsHeader } from "@/components/settings/settings-header";
import { requireUser } from "@/lib/auth";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Security" };

export default async function SecuritySettingsPage() {
  const userId = await requireUser();
  const { email } = await userRepository.get(userId);
  return (
    <>
      <SettingsHeader current="security" />
      <div className="grid gap-6">
        <PasswordForm email={email} />
        <SessionsCard />
      </div>
    </>
  );
}
