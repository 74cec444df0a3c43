import { FileUp, Plus, SearchX, Users } from "lucide-react";
import type { Metadata, Route } from "next";
import Link from "next/link";
import { ContactFilters } from "@/components/contacts/contact-filters";
import { ContactTable } from "@/components/contacts/contact-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { queryString } from "@/lib/api-client";
import { requireUser } from "@/lib/auth";
import { contactRepository } from "@/lib/contacts/repository";
import { type ContactListQuery, contactListSchema } from "@/lib/contacts/schema";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Contacts" };

const number = new Intl.NumberFormat("en");

const hrefOf = (query: ContactListQuery) => `/contacts${queryString(query)}` as Route;

export default async function ContactsPage({ searchParams }: PageProps<"/contacts">) {
  const userId = await requireUser();
  const query = contactListSchema.catch({}).parse(await searchParams);
  const { cursor, direction, ...filter } = query;
  const { search, tag, import: importId } = filter;
  const [{ items, total, nextCursor, previousCursor }, counts, tags, { timeZone }] = await Promise.all([
    contactRepository.list(userId, query),
    contactRepository.countByConsent(userId),
    contactRepository.listTags(userId),
    userRepository.get(userId),
  ]);
  if (counts.total === 0) return <NoContacts />;

  const { consent = "all", blocked } = filter;
  const tabs = [
    { label: "All", count: counts.total, href: hrefOf({}), current: consent === "all" && !blocked },
    { label: "Opted in", count: counts.optedIn, href: hrefOf({ consent: "in" }), current: consent === "in" },
    {
      label: "Opted out",
      count: counts.optedOut,
      href: hrefOf({ consent: "out" }),
      current: consent === "out",
    },
    {
      label: "Not asked",
      count: counts.notAsked,
      href: hrefOf({ consent: "none" }),
      current: consent === "none",
    },
    { label: "Blocked", count: counts.blocked, href: hrefOf({ blocked: true }), current: blocked === true },
  ];
  return (
    <>
      <PageHeader
        title="Contacts"
        description={`Only people who opted in get campaigns. Times are in ${timeZone}.`}
        actions={<Actions />}
      />
      <LinkTabs label="Contacts by consent" tabs={tabs} />
      <ContactFilters query={filter} tags={tags} clearHref={hrefOf({ consent: filter.consent, blocked })} />
      {importId && <p className="mb-3 text-muted-foreground text-sm">Only people whom one import added.</p>}
      {items.length > 0 ? (
        <ContactTable contacts={items} timeZone={timeZone} />
      ) : (
        <Card>
          <EmptyState icon={SearchX} title={search || tag ? "Nobody matches this search" : "Nobody here"}>
            <Link href="/contacts" className="text-primary underline underline-offset-4">
              Show all contacts
            </Link>
          </EmptyState>
        </Card>
      )}
      <Pagination
        summary={total === 1 ? "1 contact" : `${number.format(total)} contacts`}
        previousHref={
          previousCursor ? hrefOf({ ...filter, cursor: previousCursor, direction: "previous" }) : null
        }
        nextHref={nextCursor ? hrefOf({ ...filter, cursor: nextCursor }) : null}
      />
    </>
  );
}

function Actions() {
  return (
    <>
      <Button asChild variant="secondary">
        <Link href="/contacts/import">
          <FileUp aria-hidden />
          Import
        </Link>
      </Button>
      <Button asChild>
        <Link href="/contacts/new">
          <Plus aria-hidden />
          Add contact
        </Link>
      </Button>
    </>
  );
}

function NoContacts() {
  return (
    <>
      <PageHeader title="Contacts" description="The people you write to, and what they agreed to." />
      <Card>
        <EmptyState icon={Users} title="Bring your first contacts" action={<Actions />}>
          Import a list from a spreadsheet or your old tool, or add people one by one. Whoever writes to your
          number appears here by themselves.
        </EmptyState>
      </Card>
    </>
  );
}
