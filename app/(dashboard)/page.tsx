import { Plus } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { CampaignTable } from "@/components/campaigns/campaign-table";
import { Checklist } from "@/components/overview/checklist";
import { ConnectionCard } from "@/components/overview/connection-card";
import { OpenAlerts } from "@/components/overview/open-alerts";
import { OverviewNumbers } from "@/components/overview/overview-numbers";
import { PendingTemplates } from "@/components/overview/pending-templates";
import { RunningCampaign } from "@/components/overview/running-campaign";
import { ScheduledNext } from "@/components/overview/scheduled-next";
import { Section } from "@/components/overview/section";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { alertRepository } from "@/lib/alerts/repository";
import { requireUser } from "@/lib/auth";
import { campaignRepository } from "@/lib/campaigns/repository";
import { progressOf } from "@/lib/campaigns/service";
import { contactRepository } from "@/lib/contacts/repository";
import { templateRepository } from "@/lib/templates/repository";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Overview" };

const SHOWN = 5;

export default async function OverviewPage() {
  const userId = await requireUser();
  const [account, alerts, people, totals, templates, running, scheduled, { items }] = await Promise.all([
    userRepository.get(userId),
    alertRepository.listOpen(userId),
    contactRepository.countByConsent(userId),
    campaignRepository.totals(userId),
    templateRepository.countByStatus(userId),
    listRunning(userId),
    campaignRepository.listScheduled(userId, SHOWN),
    campaignRepository.list(userId),
  ]);
  const { businessName, timeZone } = account;
  const started = items.filter(({ startedAt }) => startedAt !== null);
  const steps = {
    hasPeople: people.optedIn > 0,
    hasTemplate: (templates.approved ?? 0) > 0,
    isTemplatePending: (templates.pending ?? 0) > 0,
    hasCampaign: totals.sent > 0 || started.length > 0,
  };
  const isBeginning = !steps.hasPeople || !steps.hasTemplate || !steps.hasCampaign;

  return (
    <>
      <PageHeader
        title={businessName ? `Good to see you, ${businessName}` : "Good to see you"}
        description={`What is going on with your campaigns. Times are in ${timeZone}.`}
        actions={
          !isBeginning && (
            <Button asChild>
              <Link href="/campaigns/new">
                <Plus aria-hidden />
                New campaign
              </Link>
            </Button>
          )
        }
      />
      <div className="grid gap-7">
        {alerts.length > 0 && <OpenAlerts alerts={alerts} timeZone={timeZone} />}
        {isBeginning && <Checklist {...steps} />}
        <ConnectionCard account={account} />
        {running.length > 0 && (
          <Section title="Going out now">
            <div className="grid gap-4 xl:grid-cols-2">
              {running.map(({ name, progress }) => (
                <RunningCampaign key={progress.id} name={name} progress={progress} />
              ))}
            </div>
          </Section>
        )}
        {(people.total > 0 || totals.campaigns > 0) && <OverviewNumbers people={people} totals={totals} />}
        {scheduled.length > 0 && (
          <Section title="Scheduled next">
            <ScheduledNext campaigns={scheduled} timeZone={timeZone} />
          </Section>
        )}
        {(templates.pending ?? 0) > 0 && <PendingTemplates count={templates.pending ?? 0} />}
        {items.length > 0 && (
          <Section title="Latest campaigns" href="/campaigns" linkLabel="All campaigns">
            <CampaignTable campaigns={items.slice(0, SHOWN)} timeZone={timeZone} />
          </Section>
        )}
      </div>
    </>
  );
}

/** Paused ones too: they wait for the owner. What missed its hour has not begun, and is among the alerts. */
async function listRunning(userId: UserId) {
  const [sending, paused] = await Promise.all([
    campaignRepository.list(userId, { status: "processing" }),
    campaignRepository.list(userId, { status: "paused" }),
  ]);
  const campaigns = [...sending.items, ...paused.items]
    .filter(({ startedAt }) => startedAt !== null)
    .slice(0, SHOWN);
  return Promise.all(
    campaigns.map(async ({ id, name }) => ({ name, progress: await progressOf(userId, id) })),
  );
}
