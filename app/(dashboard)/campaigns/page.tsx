import { Plus, Send } from "lucide-react";
import type { Metadata, Route } from "next";
import Link from "next/link";
import { CampaignTable } from "@/components/campaigns/campaign-table";
import { FirstCampaign } from "@/components/campaigns/first-campaign";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { queryString } from "@/lib/api-client";
import { requireUser } from "@/lib/auth";
import { campaignRepository } from "@/lib/campaigns/repository";
import { campaignListSchema } from "@/lib/campaigns/schema";
import { statusWords } from "@/lib/campaigns/words";
import { contactRepository } from "@/lib/contacts/repository";
import { CampaignStatus } from "@/lib/db/generated/enums";
import { templateRepository } from "@/lib/templates/repository";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Campaigns" };

const hrefOf = (query: { status?: CampaignStatus | undefined; cursor?: string | null }) =>
  `/campaigns${queryString(query)}` as Route;

export default async function CampaignsPage({ searchParams }: PageProps<"/campaigns">) {
  const userId = await requireUser();
  const query = campaignListSchema.catch({}).parse(await searchParams);
  const [{ items, nextCursor }, counts, { timeZone }] = await Promise.all([
    campaignRepository.list(userId, query),
    campaignRepository.countByStatus(userId),
    userRepository.get(userId),
  ]);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const shownStatuses = Object.values(CampaignStatus).filter(
    (status) => counts[status] || status === query.status,
  );

  return (
    <>
      <PageHeader
        title="Campaigns"
        description={`One message to many people who agreed to get it. Times are in ${timeZone}.`}
        actions={
          total > 0 && (
            <Button asChild>
              <Link href="/campaigns/new">
                <Plus aria-hidden />
                New campaign
              </Link>
            </Button>
          )
        }
      />
      {total > 0 && (
        <LinkTabs
          label="Campaigns by status"
          tabs={[
            { href: hrefOf({}), label: "All", current: !query.status, count: total },
            ...shownStatuses.map((status) => ({
              href: hrefOf({ status }),
              label: statusWords[status],
              current: query.status === status,
              count: counts[status] ?? 0,
            })),
          ]}
        />
      )}
      {items.length > 0 && (
        <>
          <CampaignTable campaigns={items} timeZone={timeZone} />
          <Pagination
            summary={
              query.cursor && (
                <Link
                  href={hrefOf({ status: query.status })}
                  className="text-primary underline underline-offset-4"
                >
                  Back to the newest
                </Link>
              )
            }
            nextHref={nextCursor ? hrefOf({ status: query.status, cursor: nextCursor }) : null}
          />
        </>
      )}
      {items.length === 0 && (
        <Card>{total > 0 ? <NothingHere href={hrefOf({})} /> : <Beginning userId={userId} />}</Card>
      )}
    </>
  );
}

function NothingHere({ href }: { href: Route }) {
  return (
    <EmptyState icon={Send} title="No campaigns here">
      <Link href={href} className="text-primary underline underline-offset-4">
        Show all campaigns
      </Link>
    </EmptyState>
  );
}

async function Beginning({ userId }: { userId: UserId }) {
  const [{ optedIn }, { approved = 0, pending = 0 }] = await Promise.all([
    contactRepository.countByConsent(userId),
    templateRepository.countByStatus(userId),
  ]);
  return <FirstCampaign optedIn={optedIn} approved={approved} pending={pending} />;
}
