import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ImportLive } from "@/components/imports/import-live";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { requireUser } from "@/lib/auth";
import { importRepository } from "@/lib/imports/repository";
import { importIdSchema } from "@/lib/imports/schema";
import { getImport } from "@/lib/imports/service";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Import" };

export default async function ImportPage({ params }: PageProps<"/contacts/imports/[importId]">) {
  const userId = await requireUser();
  const { data } = importIdSchema.safeParse(await params);
  if (!data || !(await importRepository.find(userId, data.importId))) notFound();
  const [found, { timeZone }] = await Promise.all([
    getImport(userId, data.importId),
    userRepository.get(userId),
  ]);
  const { id, fileName, status, consentStatement, createdAt, completedAt } = found;
  return (
    <>
      <PageHeader
        title={fileName}
        description={
          <>
            Uploaded <Time value={createdAt} timeZone={timeZone} withZone />
            {consentStatement
              ? `. They agreed: “${consentStatement}”`
              : status !== "uploaded" && ". Nobody was opted in."}
          </>
        }
        back={{ href: "/contacts/import", label: "Import contacts" }}
      />
      {status === "uploaded" ? (
        <Alert
          title="This file has not been imported yet"
          action={
            <span className="flex gap-2">
              <Button asChild variant="secondary" size="sm">
                <Link href={{ pathname: "/contacts/import", query: { importId: id } }}>
                  Choose its columns
                </Link>
              </Button>
            </span>
          }
        >
          Files that nobody imports are deleted after a day.
        </Alert>
      ) : (
        <ImportLive
          initial={{
            ...found,
            createdAt: createdAt.toISOString(),
            completedAt: completedAt?.toISOString() ?? null,
            undoneAt: found.undoneAt?.toISOString() ?? null,
          }}
        />
      )}
    </>
  );
}
