import { Download, FileCheck } from "lucide-react";
import type { Metadata, Route } from "next";
import { loadContact } from "@/app/(dashboard)/contacts/[contactId]/load-contact";
import { ConsentBadge } from "@/components/contacts/consent-badge";
import { ConsentEvidence } from "@/components/contacts/consent-evidence";
import { PrintButton } from "@/components/contacts/print-button";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { consentRepository } from "@/lib/consent/repository";
import { userRepository } from "@/lib/users/repository";

/** More than anybody has; the file has all. */
const SHOWN = 500;

type Props = PageProps<"/contacts/[contactId]/consent">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { contact } = await loadContact((await params).contactId);
  return { title: `Proof of consent of ${contact.name ?? contact.phone ?? "a contact"}` };
}

export default async function ConsentPage({ params }: Props) {
  const { userId, contact } = await loadContact((await params).contactId);
  const [events, { timeZone, businessName, email }] = await Promise.all([
    consentRepository.list(userId, contact.id, SHOWN + 1),
    userRepository.get(userId),
  ]);
  const name = contact.name ?? contact.phone ?? "Without a name";
  return (
    <>
      <PageHeader
        title="Proof of consent"
        badge={<ConsentBadge contact={contact} />}
        description={
          <>
            <p>
              {name}
              {contact.name && contact.phone && `, ${contact.phone}`}
            </p>
            <p>
              From the records of {businessName ?? email} as of{" "}
              <Time value={new Date()} timeZone={timeZone} style="seconds" withZone />
            </p>
          </>
        }
        back={{ href: `/contacts/${contact.id}` as Route, label: name }}
        actions={
          events.length > 0 && (
            <>
              <PrintButton />
              <Button asChild variant="secondary">
                <a href={`/api/contacts/${contact.id}/consent.csv`} download>
                  <Download aria-hidden />
                  Download as CSV
                </a>
              </Button>
            </>
          )
        }
      />
      <Card>
        {events.length === 0 ? (
          <EmptyState icon={FileCheck} title="Nothing is recorded">
            This person was never asked, and has never said that they want to hear from you or not.
          </EmptyState>
        ) : (
          <ConsentEvidence events={events.slice(0, SHOWN)} timeZone={timeZone} />
        )}
      </Card>
      {events.length > SHOWN && (
        <p className="pt-3 text-muted-foreground text-sm">
          The newest {SHOWN} entries are shown. The file has all of them.
        </p>
      )}
    </>
  );
}
