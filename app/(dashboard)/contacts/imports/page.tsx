import { FileUp } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { ImportTable } from "@/components/imports/import-table";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { importRepository } from "@/lib/imports/repository";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Imports" };

export default async function ImportsPage() {
  const userId = await requireUser();
  const [imports, { timeZone }] = await Promise.all([
    importRepository.list(userId),
    userRepository.get(userId),
  ]);
  const action = (
    <Button asChild>
      <Link href="/contacts/import">
        <FileUp aria-hidden />
        Import contacts
      </Link>
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Imports"
        description={`The last 50 files. Times are in ${timeZone}.`}
        back={{ href: "/contacts", label: "Contacts" }}
        actions={imports.length > 0 && action}
      />
      {imports.length > 0 ? (
        <ImportTable imports={imports} timeZone={timeZone} />
      ) : (
        <Card>
          <EmptyState icon={FileUp} title="Nothing imported yet" action={action}>
            Bring a list from a spreadsheet or another tool. You see what will be stored before anything is.
          </EmptyState>
        </Card>
      )}
    </>
  );
}
