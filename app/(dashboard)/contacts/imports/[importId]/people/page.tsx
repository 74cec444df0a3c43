import type { Metadata, Route } from "next";
import { notFound } from "next/navigation";
import { ImportedPeople } from "@/components/imports/imported-people";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { requireUser } from "@/lib/auth";
import { importRepository } from "@/lib/imports/repository";
import { importedPeopleSchema, importIdSchema } from "@/lib/imports/schema";

export const metadata: Metadata = { title: "People of an import" };

/** Whom an import changed, and from what; or whom undoing it left alone, and why. */
export default async function ImportedPeoplePage({
  params,
  searchParams,
}: PageProps<"/contacts/imports/[importId]/people">) {
  const userId = await requireUser();
  const { data } = importIdSchema.safeParse(await params);
  const query = importedPeopleSchema.safeParse(await searchParams).data ?? { list: "changed" as const };
  const found = data && (await importRepository.find(userId, data.importId));
  if (!found) notFound();
  const { items, next } = await importRepository.listPeople(userId, found.id, query);
  const isKept = query.list === "kept";
  return (
    <>
      <PageHeader
        title={isKept ? "Left as they are" : "Updated people"}
        description={
          isKept
            ? `Undoing the import of ${found.fileName} did not touch these people, because they were used since.`
            : `What ${found.fileName} changed. The values from before are kept for 30 days.`
        }
        back={{ href: `/contacts/imports/${found.id}` as Route, label: found.fileName }}
      />
      <ImportedPeople people={items} isKept={isKept} />
      <Pagination
        nextHref={
          next ? (`/contacts/imports/${found.id}/people?list=${query.list}&after=${next}` as Route) : null
        }
      />
    </>
  );
}
