import Link from "next/link";
import { ConsentBadge } from "@/components/contacts/consent-badge";
import { TagList } from "@/components/contacts/tag-list";
import { Card } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";

export type ListedContact = {
  id: string;
  phone: string | null;
  name: string | null;
  email: string | null;
  optedIn: boolean;
  optedOutAt: Date | null;
  isBlocked: boolean;
  tags: string[];
  lastInboundAt: Date | null;
  createdAt: Date;
};

export function ContactTable({ contacts, timeZone }: { contacts: ListedContact[]; timeZone: string }) {
  return (
    <Card>
      <Table label="Contacts">
        <TableHeader>
          <TableRow>
            <TableHead>Name</TableHead>
            <TableHead className="hidden sm:table-cell">Phone</TableHead>
            <TableHead>Consent</TableHead>
            <TableHead>Tags</TableHead>
            <TableHead>Last wrote</TableHead>
            <TableHead>Added</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {contacts.map((contact) => (
            <TableRow key={contact.id}>
              <TableCell className="min-w-40 max-w-64">
                <Link href={`/contacts/${contact.id}`} className="block truncate font-medium hover:underline">
                  {contact.name ?? contact.phone ?? "Without a name"}
                </Link>
                <p className="text-muted-foreground text-xs tabular-nums sm:hidden">
                  {contact.name && contact.phone}
                </p>
                {contact.email && (
                  <p className="hidden truncate text-muted-foreground text-xs sm:block">{contact.email}</p>
                )}
              </TableCell>
              <TableCell className="hidden whitespace-nowrap tabular-nums sm:table-cell">
                {contact.phone ?? "Not known"}
              </TableCell>
              <TableCell>
                <ConsentBadge contact={contact} />
              </TableCell>
              <TableCell className="min-w-32 max-w-72">
                <TagList tags={contact.tags} max={3} />
              </TableCell>
              <TableCell className="whitespace-nowrap text-muted-foreground">
                {contact.lastInboundAt ? (
                  <Time value={contact.lastInboundAt} timeZone={timeZone} style="relative" />
                ) : (
                  "Never"
                )}
              </TableCell>
              <TableCell className="whitespace-nowrap text-muted-foreground">
                <Time value={contact.createdAt} timeZone={timeZone} style="date" />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}
