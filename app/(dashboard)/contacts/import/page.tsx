import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { ImportSetup } from "@/components/imports/import-setup";
import { ImportTable } from "@/components/imports/import-table";
import { UploadForm } from "@/components/imports/upload-form";
import { Alert } from "@/components/ui/alert";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { contactRepository } from "@/lib/contacts/repository";
import { AppError } from "@/lib/errors";
import { importRepository } from "@/lib/imports/repository";
import { importIdSchema } from "@/lib/imports/schema";
import { previewImport } from "@/lib/imports/service";
import type { UserId } from "@/lib/tenant";
import { listCountries } from "@/lib/users/places";
import { userRepository } from "@/lib/users/repository";
import { describeFileLimit } from "@/lib/users/tiers";

export const metadata: Metadata = { title: "Import contacts" };

const RECENT = 5;

/** Two steps on one address: without `importId` a file is chosen, with it the file's columns. */
export default async function ImportPage({ searchParams }: PageProps<"/contacts/import">) {
  const userId = await requireUser();
  const { data } = importIdSchema.safeParse(await searchParams);
  return data ? <Setup userId={userId} importId={data.importId} /> : <Upload userId={userId} />;
}

async function Upload({ userId }: { userId: UserId }) {
  const [imports, { timeZone, subscriptionTier }] = await Promise.all([
    importRepository.list(userId),
    userRepository.get(userId),
  ]);
  return (
    <>
      <PageHeader
        title="Import contacts"
        description="From a spreadsheet or another tool: save the list as a CSV file first."
        back={{ href: "/contacts", label: "Contacts" }}
      />
      <UploadForm limit={describeFileLimit(subscriptionTier)} />
      {imports.length > 0 && (
        <section className="mt-8 grid gap-3">
          <div className="flex items-baseline justify-between gap-3">
            <h2 className="font-semibold text-base">Earlier imports</h2>
            {imports.length > RECENT && (
              <Link href="/contacts/imports" className="text-primary text-sm underline underline-offset-4">
                See all
              </Link>
            )}
          </div>
          <ImportTable imports={imports.slice(0, RECENT)} timeZone={timeZone} />
        </section>
      )}
    </>
  );
}

async function Setup({ userId, importId }: { userId: UserId; importId: string }) {
  const [preview, tags] = await Promise.all([
    previewImport(userId, importId).catch((error: unknown) => {
      if (error instanceof AppError) return error;
      throw error;
    }),
    contactRepository.listTags(userId),
  ]);
  if (preview instanceof AppError) {
    const found = await importRepository.find(userId, importId);
    if (found?.status !== "uploaded") redirect(`/contacts/imports/${importId}`);
    return (
      <>
        <PageHeader
          title={`Import ${found.fileName}`}
          back={{ href: "/contacts/import", label: "Choose another file" }}
        />
        <Alert tone="danger">{preview.message}</Alert>
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={`Import ${preview.fileName}`}
        back={{ href: "/contacts/import", label: "Choose another file" }}
      />
      <ImportSetup preview={preview} countries={listCountries()} tags={tags.map(({ tag }) => tag)} />
    </>
  );
}
