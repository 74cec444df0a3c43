import Link from "next/link";
import { MessageStatusBadge } from "@/components/campaigns/message-status-badge";
import { Card } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { Recipient } from "@/lib/campaigns/queries";

type Props = { recipients: Recipient[]; timeZone: string };

const moments = [
  { heading: "Sent", column: "sentAt" },
  { heading: "Delivered", column: "deliveredAt" },
  { heading: "Read", column: "readAt" },
] as const;

export function RecipientsTable({ recipients, timeZone }: Props) {
  return (
    <Card>
      <Table label="List of recipients">
        <TableHeader>
          <TableRow>
            <TableHead>Person</TableHead>
            <TableHead>State</TableHead>
            {moments.map(({ heading }) => (
              <TableHead key={heading}>{heading}</TableHead>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {recipients.map((recipient) => (
            <TableRow key={recipient.id}>
              <TableCell className="min-w-40 max-w-64">
                <Person contact={recipient.contact} />
              </TableCell>
              <TableCell className="min-w-32 max-w-80">
                <MessageStatusBadge status={recipient.status} />
                <Reason recipient={recipient} timeZone={timeZone} />
              </TableCell>
              {moments.map(({ heading, column }) => (
                <TableCell key={heading} className="whitespace-nowrap text-muted-foreground">
                  {recipient[column] ? <Time value={recipient[column]} timeZone={timeZone} /> : "–"}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}

function Person({ contact: { id, name, phone, deletedAt } }: Pick<Recipient, "contact">) {
  if (deletedAt) return <span className="text-muted-foreground">Deleted person</span>;
  return (
    <>
      <Link href={`/contacts/${id}`} className="block truncate font-medium hover:underline">
        {name || phone || "No name"}
      </Link>
      {name && phone && <span className="text-muted-foreground text-xs tabular-nums">{phone}</span>}
    </>
  );
}

/** Why somebody did not get it, in words, with WhatsApp's own number for a conversation with its support. */
function Reason({ recipient, timeZone }: { recipient: Recipient; timeZone: string }) {
  const { errorMessage, errorCode, failedAt } = recipient;
  if (!errorMessage) return null;
  return (
    <p className="mt-1 text-muted-foreground text-xs">
      {errorMessage}
      {errorCode && ` (${errorCode})`}
      {failedAt && (
        <>
          {" "}
          <Time value={failedAt} timeZone={timeZone} />
        </>
      )}
    </p>
  );
}
