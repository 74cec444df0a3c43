import { LayoutTemplate, Plus } from "lucide-react";
import type { Metadata, Route } from "next";
import Link from "next/link";
import { SyncTemplates } from "@/components/templates/sync-templates";
import { TemplateTable } from "@/components/templates/template-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { queryString } from "@/lib/api-client";
import { requireUser } from "@/lib/auth";
import { TemplateStatus } from "@/lib/db/generated/enums";
import { templateRepository } from "@/lib/templates/repository";
import { templateListSchema } from "@/lib/templates/schema";
import { statusWords } from "@/lib/templates/status";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Templates" };

const hrefOf = (query: { status?: TemplateStatus | undefined; cursor?: string | null }) =>
  `/templates${queryString(query)}` as Route;

export default async function TemplatesPage({ searchParams }: PageProps<"/templates">) {
  const userId = await requireUser();
  const query = templateListSchema.catch({}).parse(await searchParams);
  const [{ items, nextCursor }, counts, { timeZone }] = await Promise.all([
    templateRepository.list(userId, query),
    templateRepository.countByStatus(userId),
    userRepository.get(userId),
  ]);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const shownStatuses = Object.values(TemplateStatus).filter(
    (status) => counts[status] || status === query.status,
  );

  return (
    <>
      <PageHeader
        title="Templates"
        description={`WhatsApp approves every message before it may go to many people. Times are in ${timeZone}.`}
        actions={
          <>
            <SyncTemplates />
            <NewTemplate />
          </>
        }
      />
      {total > 0 && (
        <LinkTabs
          label="Templates by status"
          tabs={[
            { href: hrefOf({}), label: "All", current: !query.status, count: total },
            ...shownStatuses.map((status) => ({
              href: hrefOf({ status }),
              label: statusWords[status].label,
              current: query.status === status,
              count: counts[status] ?? 0,
            })),
          ]}
        />
      )}
      {items.length > 0 ? (
        <>
          <TemplateTable templates={items} timeZone={timeZone} />
          <Pagination nextHref={nextCursor ? hrefOf({ status: query.status, cursor: nextCursor }) : null} />
        </>
      ) : (
        <Card>
          {total > 0 ? (
            <EmptyState icon={LayoutTemplate} title="No templates here">
              <Link href="/templates" className="text-primary underline underline-offset-4">
                Show all templates
              </Link>
            </EmptyState>
          ) : (
            <EmptyState icon={LayoutTemplate} title="Write your first message" action={<NewTemplate />}>
              A template is the text of a campaign, with places for names and the like. WhatsApp reviews it,
              usually within minutes. If you have templates at WhatsApp already, refresh to bring them here.
            </EmptyState>
          )}
        </Card>
      )}
    </>
  );
}

function NewTemplate() {
  return (
    <Button asChild>
      <Link href="/templates/new">
        <Plus aria-hidden />
        New template
      </Link>
    </Button>
  );
}
