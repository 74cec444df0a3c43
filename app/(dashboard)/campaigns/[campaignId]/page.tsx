import type { Metadata } from "next";
import { loadCampaign } from "@/app/(dashboard)/campaigns/[campaignId]/load-campaign";
import { loadNames } from "@/app/(dashboard)/contacts/load-names";
import { BeforeYouSend } from "@/components/campaigns/before-you-send";
import { CampaignActions } from "@/components/campaigns/campaign-actions";
import { CampaignLive } from "@/components/campaigns/campaign-live";
import { CampaignReason } from "@/components/campaigns/campaign-reason";
import { CampaignStatusBadge } from "@/components/campaigns/campaign-status-badge";
import { CampaignSummary } from "@/components/campaigns/campaign-summary";
import { CampaignTimes } from "@/components/campaigns/campaign-times";
import { MessageSent } from "@/components/campaigns/message-sent";
import { RecipientsSection } from "@/components/campaigns/recipients-section";
import { ScheduledCard } from "@/components/campaigns/scheduled-card";
import { WebhookSilence } from "@/components/events/webhook-silence";
import { PageHeader } from "@/components/ui/page-header";
import { audienceOf } from "@/lib/audiences/service";
import { componentsOf } from "@/lib/campaigns/content";
import { isWaiting } from "@/lib/campaigns/lifecycle";
import {
  keptAudienceSchema,
  messageContentSchema,
  recipientListSchema,
  templateSnapshotSchema,
} from "@/lib/campaigns/schema";
import { checkCampaign, progressOf } from "@/lib/campaigns/service";
import { eventConsoleRepository } from "@/lib/event-console/repository";
import { messageRepository } from "@/lib/messages/repository";
import { templateRepository } from "@/lib/templates/repository";
import { userRepository } from "@/lib/users/repository";

type Props = PageProps<"/campaigns/[campaignId]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { campaign } = await loadCampaign((await params).campaignId);
  return { title: campaign.name };
}

export default async function CampaignPage({ params, searchParams }: Props) {
  const { userId, campaign } = await loadCampaign((await params).campaignId);
  const query = recipientListSchema.catch({}).parse(await searchParams);
  const { id, name, status, messageType, template, templateSnapshot } = campaign;
  const waits = isWaiting(campaign);
  const kept = keptAudienceSchema.parse(campaign.audience);
  const audience = await audienceOf(userId, kept);
  const [account, progress, check, current, page, silentSince, names] = await Promise.all([
    userRepository.get(userId),
    progressOf(userId, id),
    waits ? checkCampaign(userId, id) : null,
    template && templateRepository.find(userId, template.id),
    waits ? null : messageRepository.listRecipients(userId, id, query),
    waits ? null : eventConsoleRepository.findSilence(userId),
    loadNames(userId, [audience?.filter ?? [], audience?.segment?.filter ?? []]),
  ]);
  const snapshot = templateSnapshotSchema.safeParse(templateSnapshot).data;
  const { parameters, text, media } = messageContentSchema.parse(campaign.messageContent);
  const components = snapshot?.components ?? componentsOf({ messageType, text, template: current });
  const sender = account.displayPhoneNumber;
  const timeZone = account.timeZone;

  return (
    <>
      <PageHeader
        title={name}
        badge={<CampaignStatusBadge status={status} />}
        description={<CampaignTimes campaign={campaign} timeZone={timeZone} />}
        back={{ href: "/campaigns", label: "Campaigns" }}
        actions={
          <CampaignActions
            campaign={campaign}
            templateName={template?.name ?? name}
            check={check}
            sender={sender}
            timeZone={timeZone}
          />
        }
      />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 content-start gap-5">
          <WebhookSilence since={silentSince} timeZone={timeZone} />
          {waits && <CampaignReason progress={progress} />}
          {status === "scheduled" && <ScheduledCard progress={progress} timeZone={timeZone} />}
          {check && (
            <BeforeYouSend campaignId={id} check={check} sender={sender} isDraft={status === "draft"} />
          )}
          {!waits && (
            <CampaignLive
              progress={progress}
              messagesPerSecond={account.messagesPerSecond}
              timeZone={timeZone}
            />
          )}
          <CampaignSummary
            messageType={messageType}
            template={template}
            media={media}
            components={components}
            audience={audience}
            isKept={kept.segment !== undefined}
            names={names}
            parameters={parameters}
          />
        </div>
        {components.length > 0 && (
          <MessageSent
            title={waits ? "What people will read" : "What people read"}
            components={components}
            parameters={parameters}
            media={media}
            businessName={account.businessName ?? "Your business"}
          />
        )}
        {page && (
          <div className="min-w-0 lg:col-span-2">
            <RecipientsSection progress={progress} query={query} page={page} timeZone={timeZone} />
          </div>
        )}
      </div>
    </>
  );
}
