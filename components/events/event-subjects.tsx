import type { Route } from "next";
import Link from "next/link";
import { CampaignStatusBadge } from "@/components/campaigns/campaign-status-badge";
import { MessageStatusBadge } from "@/components/campaigns/message-status-badge";
import { Badge } from "@/components/ui/badge";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import type { EventReport } from "@/lib/event-console/queries";

type Props = { event: Pick<EventReport, "messages" | "people" | "templates"> };

/** The messages, people, campaigns and templates that an event is about. */
export function EventSubjects({ event: { messages, people, templates } }: Props) {
  const nameOf = new Map(people.map(({ id, name, phone }) => [id, name || phone || "Without a name"]));
  const written = new Set(messages.map(({ contactId }) => contactId));
  const others = people.filter(({ id }) => !written.has(id));
  const isEmpty = messages.length + others.length + templates.length === 0;
  return (
    <Card>
      <CardHeader>
        <CardTitle>What it is about</CardTitle>
      </CardHeader>
      <CardContent>
        {isEmpty && (
          <p className="text-muted-foreground text-sm">
            None of your messages, contacts or templates: they were deleted, or it is about the account.
          </p>
        )}
        <ul className="grid gap-3 text-sm">
          {messages.map(({ id, direction, status, contactId, campaignId, campaignName, campaignStatus }) => (
            <li key={id} className="flex flex-wrap items-center gap-x-2 gap-y-1">
              {direction === "inbound" ? (
                <Badge tone="primary">Received</Badge>
              ) : (
                <MessageStatusBadge status={status} />
              )}
              <span>{direction === "inbound" ? "Message from" : "Message to"}</span>
              {nameOf.has(contactId) ? (
                <Subject href={`/contacts/${contactId}`}>{nameOf.get(contactId)}</Subject>
              ) : (
                <span className="text-muted-foreground">a deleted person</span>
              )}
              {campaignId && campaignStatus && (
                <>
                  <span>in</span>
                  <Subject href={`/campaigns/${campaignId}`}>{campaignName}</Subject>
                  <CampaignStatusBadge status={campaignStatus} />
                </>
              )}
            </li>
          ))}
          {others.map(({ id }) => (
            <li key={id}>
              Person: <Subject href={`/contacts/${id}`}>{nameOf.get(id)}</Subject>
            </li>
          ))}
          {templates.map(({ id, name }) => (
            <li key={id}>
              Template: <Subject href={`/templates/${id}`}>{name}</Subject>
            </li>
          ))}
        </ul>
      </CardContent>
    </Card>
  );
}

const Subject = ({ href, children }: { href: string; children: string | null | undefined }) => (
  <Link href={href as Route} className="wrap-anywhere font-medium underline underline-offset-4">
    {children}
  </Link>
);
