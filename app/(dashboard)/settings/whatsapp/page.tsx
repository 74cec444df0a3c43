import type { Metadata } from "next";
import { WebhookSilence } from "@/components/events/webhook-silence";
import { ConnectionSection } from "@/components/settings/connection-section";
import { HealthCard } from "@/components/settings/health-card";
import { SandboxGuide } from "@/components/settings/sandbox-guide";
import { SettingsHeader } from "@/components/settings/settings-header";
import { WebhookGuide } from "@/components/settings/webhook-guide";
import { STANDING_ALERTS } from "@/lib/alerts/keys";
import { alertRepository } from "@/lib/alerts/repository";
import { requireUser } from "@/lib/auth";
import { env } from "@/lib/env";
import { eventConsoleRepository } from "@/lib/event-console/repository";
import { laneRepository } from "@/lib/lanes/repository";
import { userRepository } from "@/lib/users/repository";
import { webhookCallbackUrl } from "@/lib/whatsapp/account";
import { hasSandbox } from "@/lib/whatsapp/sandbox";

export const metadata: Metadata = { title: "WhatsApp settings" };

export default async function WhatsAppSettingsPage() {
  const userId = await requireUser();
  const [account, alerts, lane, silentSince] = await Promise.all([
    userRepository.get(userId),
    alertRepository.listOpen(userId, STANDING_ALERTS),
    laneRepository.find(userId),
    eventConsoleRepository.findSilence(userId),
  ]);
  const connection = {
    isConnected: account.isConnected,
    isSandbox: account.isSandbox,
    wabaId: account.wabaId,
    phoneNumberId: account.phoneNumberId,
    displayPhoneNumber: account.displayPhoneNumber,
    appId: account.appId,
    hasAccessToken: account.hasAccessToken,
    hasAppSecret: account.hasAppSecret,
    hasWebhookVerifyToken: account.hasWebhookVerifyToken,
  };
  return (
    <>
      <SettingsHeader current="whatsapp" />
      <div className="grid gap-6">
        <WebhookSilence since={silentSince} timeZone={account.timeZone} />
        {account.isConnected && <HealthCard alerts={alerts} {...lane} />}
        <ConnectionSection
          connection={connection}
          hasSandbox={hasSandbox}
          needsAppSecret={env.WHATSAPP_APP_SECRET === undefined}
        >
          {account.isSandbox && <SandboxGuide />}
        </ConnectionSection>
        <WebhookGuide callbackUrl={webhookCallbackUrl} />
      </div>
    </>
  );
}
