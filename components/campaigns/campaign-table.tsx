import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { CampaignStatusBadge } from "@/components/campaigns/campaign-status-badge";
import { CampaignTime } from "@/components/campaigns/campaign-time";
import { Share } from "@/components/campaigns/share";
import { Card } from "@/components/ui/card";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "@/components/ui/table";
import { formatNumber } from "@/lib/campaigns/numbers";
import type { RecipientState } from "@/lib/campaigns/words";
import type { CampaignStatus, MessageType } from "@/lib/db/generated/enums";

export type CampaignRow = {
  id: string;
  name: string;
  status: CampaignStatus;
  messageType: MessageType;
  template: { name: string } | null;
  totalRecipients: number;
  sentCount: number;
  deliveredCount: number;
  readCount: number;
  failedCount: number;
  scheduledAt: Date | null;
  startedAt: Date | null;
  createdAt: Date;
};

const columns = [
  { heading: "Sent", count: "sentCount", state: "reached_sent" },
  { heading: "Delivered", count: "deliveredCount", state: "reached_delivered" },
  { heading: "Read", count: "readCount", state: "read" },
  { heading: "Failed", count: "failedCount", state: "reached_failed" },
] as const satisfies { heading: string; count: keyof CampaignRow; state: RecipientState }[];

export function CampaignTable({ campaigns, timeZone }: { campaigns: CampaignRow[]; timeZone: string }) {
  return (
    <Card>
      <Table label="List of campaigns">
        <TableHeader>
          <TableRow>
            <TableHead>Name</TableHead>
            <TableHead>Status</TableHead>
            <TableHead numeric>People</TableHead>
            {columns.map(({ heading }) => (
              <TableHead key={heading} numeric>
                {heading}
              </TableHead>
            ))}
            <TableHead>When</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {campaigns.map((campaign) => (
            <CampaignTableRow key={campaign.id} campaign={campaign} timeZone={timeZone} />
          ))}
        </TableBody>
      </Table>
    </Card>
  );
}

function CampaignTableRow({ campaign, timeZone }: { campaign: CampaignRow; timeZone: string }) {
  const { id, name, status, messageType, template, totalRecipients } = campaign;
  return (
    <TableRow>
      <TableCell className="min-w-44 max-w-64">
        <Link href={`/campaigns/${id}`} className="block truncate font-medium hover:underline" title={name}>
          {name}
        </Link>
        <p className="truncate text-muted-foreground text-xs">
          {messageType === "text" ? "Text within 24 hours" : (template?.name ?? "Template deleted")}
        </p>
      </TableCell>
      <TableCell>
        <CampaignStatusBadge status={status} />
      </TableCell>
      <TableCell numeric>
        <People href={`/campaigns/${id}#recipients` as Route} count={totalRecipients}>
          {totalRecipients > 0 ? formatNumber(totalRecipients) : "–"}
        </People>
      </TableCell>
      {columns.map(({ heading, count, state }) => (
        <TableCell key={heading} numeric className="whitespace-nowrap">
          <People href={`/campaigns/${id}?state=${state}#recipients` as Route} count={campaign[count]}>
            <Share count={campaign[count]} of={totalRecipients} />
          </People>
        </TableCell>
      ))}
      <TableCell className="whitespace-nowrap">
        <CampaignTime campaign={campaign} timeZone={timeZone} />
      </TableCell>
    </TableRow>
  );
}

function People({ href, count, children }: { href: Route; count: number; children: ReactNode }) {
  if (count === 0) return <span className="text-muted-foreground">{children}</span>;
  return (
    <Link href={href} className="underline-offset-4 hover:underline">
      {children}
    </Link>
  );
}
