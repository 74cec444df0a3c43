import type { Metadata, Route } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { loadContact } from "@/app/(dashboard)/contacts/[contactId]/load-contact";
import { MergeCandidates } from "@/components/contacts/merge-candidates";
import { MergeComparison } from "@/components/contacts/merge-comparison";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { contactListRepository } from "@/lib/contact-lists/repository";
import { contactRepository } from "@/lib/contacts/repository";
import { identityRepository } from "@/lib/identity/repository";
import { mergePageSchema } from "@/lib/identity/schema";
import { userRepository } from "@/lib/users/repository";

const SHOWN = 10;

export const metadata: Metadata = { title: "Join two contacts" };

type Props = PageProps<"/contacts/[contactId]/merge">;

const nameOf = ({ name, phone }: { name: string | null; phone: string | null }) =>
  name ?? phone ?? "Without a name";

export default async function MergePage({ params, searchParams }: Props) {
  const { userId, contact } = await loadContact((await params).contactId);
  const query = mergePageSchema.parse(await searchParams);
  const back = { href: `/contacts/${contact.id}` as Route, label: nameOf(contact) };

  if (query.with === undefined || query.with === contact.id) {
    const search = query.search ?? contact.name ?? "";
    const { items } = search ? await contactListRepository.page(userId, { search }) : { items: [] };
    const others = items.filter(({ id }) => id !== contact.id);
    return (
      <>
        <PageHeader
          title="Join two contacts"
          description={`For when ${nameOf(contact)} is among your contacts twice. You see what becomes of both before anything is done.`}
          back={back}
        />
        <MergeCandidates
          contactId={contact.id}
          search={search}
          candidates={others.slice(0, SHOWN)}
          hasMore={others.length > SHOWN}
        />
      </>
    );
  }

  const other = (await contactRepository.find(userId, query.with)) ?? notFound();
  const [preview, { timeZone }] = await Promise.all([
    identityRepository.previewMerge(userId, contact.id, other.id),
    userRepository.get(userId),
  ]);
  return (
    <>
      <PageHeader
        title="Join two contacts"
        description={
          <>
            First: {whoIs(contact)}. Second: {whoIs(other)}. Times are in {timeZone}.
          </>
        }
        back={back}
      />
      <MergeComparison ids={{ keep: contact.id, drop: other.id }} preview={preview} timeZone={timeZone}>
        <Button asChild variant="secondary">
          <Link href={`/contacts/${other.id}/merge?with=${contact.id}` as Route}>Swap first and second</Link>
        </Button>
        <Button asChild variant="ghost">
          <Link href={back.href}>Cancel</Link>
        </Button>
      </MergeComparison>
    </>
  );
}

const whoIs = ({ name, phone }: { name: string | null; phone: string | null }) =>
  [name, phone].filter(Boolean).join(", ") || "Without a name";
