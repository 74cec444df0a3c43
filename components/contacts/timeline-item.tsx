import { FileDown, type LucideIcon, MessageSquare, Send, UserCheck, UserX } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { MessageStatusBadge } from "@/components/campaigns/message-status-badge";
import { Badge } from "@/components/ui/badge";
import { Time } from "@/components/ui/time";
import { actionWords, sourceWords } from "@/lib/consent/evidence";
import type { TimelineEntry } from "@/lib/contact-timelines/entry";

type Entry<Kind extends TimelineEntry["kind"]> = Extract<TimelineEntry, { kind: Kind }>;

const link = "wrap-anywhere font-medium hover:underline";

export function TimelineItem({ entry, timeZone }: { entry: TimelineEntry; timeZone: string }) {
  return (
    <li className="grid grid-cols-[2rem_minmax(0,1fr)] gap-3">
      <span className="grid size-8 place-items-center rounded-full bg-muted text-muted-foreground [&_svg]:size-4">
        <Icon entry={entry} />
      </span>
      <div className="grid gap-1 pt-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Title entry={entry} />
          <Time value={entry.at} timeZone={timeZone} className="text-muted-foreground" />
        </p>
        <Details entry={entry} />
      </div>
    </li>
  );
}

function Icon({ entry }: { entry: TimelineEntry }) {
  const Found = iconOf(entry);
  return <Found aria-hidden />;
}

function iconOf(entry: TimelineEntry): LucideIcon {
  switch (entry.kind) {
    case "message":
      return entry.direction === "inbound" ? MessageSquare : Send;
    case "consent":
      return entry.action === "opt_in" ? UserCheck : UserX;
    case "import":
      return FileDown;
  }
}

function Title({ entry }: { entry: TimelineEntry }): ReactNode {
  switch (entry.kind) {
    case "message":
      return (
        <>
          {entry.direction === "inbound" ? (
            <Badge tone="primary">Received</Badge>
          ) : (
            <MessageStatusBadge status={entry.status} />
          )}
          {entry.campaign && (
            <Link href={`/campaigns/${entry.campaign.id}`} className={link}>
              {entry.campaign.name}
            </Link>
          )}
        </>
      );
    case "consent":
      return (
        <>
          <Badge tone={entry.action === "opt_in" ? "success" : "warning"}>{actionWords[entry.action]}</Badge>
          <span>{sourceWords[entry.source]}</span>
        </>
      );
    case "import":
      return <span>{entry.isNew ? "Added by an import" : "Changed by an import"}</span>;
  }
}

function Details({ entry }: { entry: TimelineEntry }): ReactNode {
  switch (entry.kind) {
    case "message":
      return (
        <>
          <p className="wrap-anywhere line-clamp-6 whitespace-pre-line">{entry.summary}</p>
          {entry.errorMessage && <p className="text-muted-foreground">{entry.errorMessage}</p>}
        </>
      );
    case "consent":
      return (
        <>
          {entry.wording && (
            <blockquote className="wrap-anywhere whitespace-pre-line">“{entry.wording}”</blockquote>
          )}
          <FileLine {...entry} line={entry.fileRow} />
        </>
      );
    case "import":
      return <FileLine {...entry} />;
  }
}

type File = Pick<Entry<"consent">, "importId" | "fileName"> & { line: number | null };

function FileLine({ importId, fileName, line }: File) {
  if (importId === null) return null;
  return (
    <p className="text-muted-foreground">
      {line !== null && `Line ${line} of `}
      <Link href={`/contacts/imports/${importId}`} className={`${link} text-foreground`}>
        {fileName ?? "the imported file"}
      </Link>
    </p>
  );
}
