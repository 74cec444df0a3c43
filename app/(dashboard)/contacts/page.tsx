import { Bookmark, FileUp, FilterX, Plus, SearchX, Users } from "lucide-react";
import type { Metadata, Route } from "next";
import { cookies } from "next/headers";
import Link from "next/link";
import { loadNames } from "@/app/(dashboard)/contacts/load-names";
import { ContactFilters } from "@/components/contacts/contact-filters";
import { ContactList } from "@/components/contacts/contact-list";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { queryString } from "@/lib/api-client";
import { requireUser } from "@/lib/auth";
import { bulkActionRepository } from "@/lib/bulk-actions/repository";
import { contactsWords, countWords } from "@/lib/contact-filters/queries";
import { contactFilterRepository } from "@/lib/contact-filters/repository";
import {
  addressOf,
  type Condition,
  type ContactListQuery,
  contactListSchema,
  filterOf,
} from "@/lib/contact-filters/schema";
import { columnsCookie, readColumns } from "@/lib/contact-lists/columns";
import { contactListRepository } from "@/lib/contact-lists/repository";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Contacts" };

const hrefOf = (values: Record<string, string | undefined>) => `/contacts${queryString(values)}` as Route;

export default async function ContactsPage({ searchParams }: PageProps<"/contacts">) {
  const userId = await requireUser();
  const { data: query } = contactListSchema.safeParse(await searchParams);
  if (!query) return <Unreadable />;
  const filter = filterOf(query);
  const [{ items, nextCursor, previousCursor }, total, tabs, actions, names, { timeZone }, cookieStore] =
    await Promise.all([
      contactListRepository.page(userId, query),
      contactFilterRepository.count(userId, filter),
      loadTabs(userId, filter),
      bulkActionRepository.listRunning(userId),
      loadNames(userId, [filter]),
      userRepository.get(userId),
      cookies(),
    ]);
  if (total.count === 0 && filter.length === 0) return <NoContacts />;

  const { sort = "newest" } = query;
  const pageHref = (cursor: string, direction: ContactListQuery["direction"]) =>
    hrefOf({ ...addressOf(filter), sort: sort === "newest" ? undefined : sort, cursor, direction });
  return (
    <>
      <PageHeader
        title="Contacts"
        description={`Only people who opted in get campaigns. Times are in ${timeZone}.`}
        actions={<Actions />}
      />
      <LinkTabs label="Contacts by consent" tabs={tabs} />
      <ContactFilters filter={filter} sort={sort} names={names} total={total} />
      <ContactList
        contacts={items}
        total={total}
        filter={filter}
        columns={readColumns(cookieStore.get(columnsCookie)?.value)}
        timeZone={timeZone}
        running={actions}
      >
        <Card>
          <EmptyState
            icon={SearchX}
            title={query.cursor ? "Nobody is on this page any more" : "Nobody meets all these conditions"}
          >
            <Link href="/contacts" className="text-primary underline underline-offset-4">
              Show all contacts
            </Link>
          </EmptyState>
        </Card>
      </ContactList>
      <Pagination
        summary={contactsWords(total)}
        previousHref={previousCursor ? pageHref(previousCursor, "previous") : null}
        nextHref={nextCursor ? pageHref(nextCursor, undefined) : null}
      />
    </>
  );
}

const kinds: [label: string, condition: Condition | null][] = [
  ["All", null],
  ["Opted in", { field: "consent", is: "in" }],
  ["Opted out", { field: "consent", is: "out" }],
  ["Not asked", { field: "consent", is: "none" }],
  ["Blocked", { field: "blocked", is: true }],
];

const loadTabs = (userId: UserId, filter: Condition[]) =>
  Promise.all(
    kinds.map(async ([label, condition]) => {
      const own = condition ? [condition] : [];
      return {
        label,
        count: countWords(await contactFilterRepository.count(userId, own)),
        href: hrefOf(addressOf(own)),
        current: condition
          ? filter.some((each) => JSON.stringify(each) === JSON.stringify(condition))
          : !filter.some(({ field }) => field === "consent" || field === "blocked"),
      };
    }),
  );

function Actions() {
  return (
    <>
      <Button asChild variant="secondary">
        <Link href="/contacts/segments">
          <Bookmark aria-hidden />
          Segments
        </Link>
      </Button>
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

/** Never everybody instead: whoever follows such a link may go on to message, export or delete them. */
function Unreadable() {
  return (
    <>
      <PageHeader title="Contacts" description="The people you write to, and what they agreed to." />
      <Card>
        <EmptyState
          icon={FilterX}
          title="The filter in this address cannot be read"
          action={
            <Button asChild variant="secondary">
              <Link href="/contacts">Show everybody</Link>
            </Button>
          }
        >
          The link may be cut off or older than this version. Nobody is shown, because nobody knows whom it
          meant.
        </EmptyState>
      </Card>
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
