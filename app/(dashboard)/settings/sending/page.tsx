import type { Metadata } from "next";
import { SendingForm } from "@/components/settings/sending-form";
import { SettingsHeader } from "@/components/settings/settings-header";
import { requireUser } from "@/lib/auth";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Sending" };

export default async function SendingPage() {
  const { messagesPerSecond, brakePercent } = await userRepository.get(await requireUser());
  return (
    <>
      <SettingsHeader current="sending" />
      <SendingForm settings={{ messagesPerSecond, brakePercent }} />
    </>
  );
}
