import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { actionWords, type ConsentEvent, sourceWords } from "@/lib/consent/evidence";

const top = "align-top";

/** The ledger in full; it is only ever added to. */
export function ConsentEvidence({ events, timeZone }: { events: ConsentEvent[]; timeZone: string }) {
  return (
    <Table label="Consent history">
      <TableHeader>
        <TableRow>
          <TableHead>What</TableHead>
          <TableHead>In which words</TableHead>
          <TableHead>When</TableHead>
          <TableHead>Recorded by</TableHead>
          <TableHead>File and line</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {events.map((event) => (
          <TableRow key={event.id}>
            <TableCell className={`${top} min-w-36 print:min-w-0`}>
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Badge tone={event.action === "opt_in" ? "success" : "warning"}>
                  {actionWords[event.action]}
                </Badge>
                {sourceWords[event.source]}
              </span>
            </TableCell>
            <TableCell className={`${top} wrap-anywhere min-w-56 whitespace-pre-line print:min-w-0`}>
              {event.wording ? `“${event.wording}”` : <None />}
            </TableCell>
            <TableCell className={`${top} whitespace-nowrap print:whitespace-normal`}>
              <Time value={event.occurredAt ?? event.createdAt} timeZone={timeZone} style="seconds" />
              {event.occurredAt && (
                <span className="block text-muted-foreground text-xs">
                  recorded <Time value={event.createdAt} timeZone={timeZone} style="seconds" />
                </span>
              )}
            </TableCell>
            <TableCell className={`${top} wrap-anywhere min-w-44 print:min-w-0`}>
              {event.actor ?? "WhatsApp"}
            </TableCell>
            <TableCell className={`${top} wrap-anywhere min-w-36 print:min-w-0`}>
              {event.importId ? (
                <>
                  <Link href={`/contacts/imports/${event.importId}`} className="font-medium hover:underline">
                    {event.fileName ?? "The imported file"}
                  </Link>
                  {event.fileRow !== null && `, line ${event.fileRow}`}
                </>
              ) : (
                <None />
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const None = () => <span className="text-muted-foreground">None</span>;
