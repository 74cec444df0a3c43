import Link from "next/link";
import type { ReactNode } from "react";
import { ConsentBadge } from "@/components/contacts/consent-badge";
import { TagList } from "@/components/contacts/tag-list";
import { Checkbox } from "@/components/ui/checkbox";
import { TableCell, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { sourceWords } from "@/lib/contact-filters/words";
import type { OptInSource } from "@/lib/db/generated/enums";

export type ListedContact = {
  id: string;
  phone: string | null;
  name: string | null;
  email: string | null;
  optedIn: boolean;
  optedOutAt: Date | null;
  optInSource: OptInSource;
  isBlocked: boolean;
  tags: string[];
  metadata: Record<string, string>;
  lastInboundAt: Date | null;
  createdAt: Date;
};

type Props = {
  contact: ListedContact;
  columns: string[];
  timeZone: string;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
};

export function ContactRow({ contact, columns, timeZone, isChosen, onChoose }: Props) {
  const name = contact.name ?? contact.phone ?? "Without a name";
  return (
    <TableRow>
      <TableCell className="pr-0">
        <Checkbox
          aria-label={`Choose ${name}`}
          checked={isChosen}
          onChange={({ target }) => onChoose(target.checked)}
        />
      </TableCell>
      <TableCell className="min-w-40 max-w-40 sm:max-w-64">
        <Link href={`/contacts/${contact.id}`} className="block truncate font-medium hover:underline">
          {name}
        </Link>
      </TableCell>
      {columns.map((column, index) => (
        <TableCell
          key={column}
          colSpan={index === columns.length - 1 ? 2 : undefined}
          className="min-w-28 max-w-72 truncate"
        >
          {cellOf(contact, column, timeZone)}
        </TableCell>
      ))}
      {columns.length === 0 && <TableCell />}
    </TableRow>
  );
}

function cellOf(contact: ListedContact, column: string, timeZone: string): ReactNode {
  switch (column) {
    case "phone":
      return <span className="tabular-nums">{contact.phone ?? "Not known"}</span>;
    case "email":
      return contact.email;
    case "consent":
      return <ConsentBadge contact={contact} />;
    case "tags":
      return <TagList tags={contact.tags} max={3} />;
    case "last_reply":
      return contact.lastInboundAt ? (
        <Time value={contact.lastInboundAt} timeZone={timeZone} style="relative" />
      ) : (
        <span className="text-muted-foreground">Never</span>
      );
    case "created":
      return <Time value={contact.createdAt} timeZone={timeZone} style="date" />;
    case "source":
      return sourceWords[contact.optInSource];
    default: {
      const key = column.slice("metadata.".length);
      return Object.hasOwn(contact.metadata, key) && contact.metadata[key];
    }
  }
}
