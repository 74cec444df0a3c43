"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { History, MessagesSquare } from "lucide-react";
import Link from "next/link";
import { TimelineItem } from "@/components/contacts/timeline-item";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import type { TimelinePage } from "@/lib/contact-timelines/entry";
import { olderQuery } from "@/lib/contact-timelines/queries";

type Props = { contactId: string; newest: TimelinePage; timeZone: string };

/** The newest page comes with the page around it; what was before is asked for. */
export function ContactTimeline({ contactId, newest, timeZone }: Props) {
  const older = useInfiniteQuery(olderQuery(contactId, newest.nextCursor ?? ""));
  const items = [...newest.items, ...(older.data?.pages ?? []).flatMap((page) => page.items)];
  const hasOlder = older.data ? older.hasNextPage : newest.nextCursor !== null;
  return (
    <Card>
      <CardHeader className="flex flex-wrap items-center justify-between gap-2">
        <CardTitle>Timeline</CardTitle>
        <Button asChild variant="secondary" size="sm">
          <Link href={`/inbox/${contactId}`}>
            <MessagesSquare aria-hidden />
            Open the conversation
          </Link>
        </Button>
      </CardHeader>
      {items.length === 0 ? (
        <EmptyState icon={History} title="Nothing has happened yet" className="pt-6">
          Messages in both directions, changes of consent and imports that concern this person will be here.
        </EmptyState>
      ) : (
        <CardContent className="grid gap-4">
          <ol aria-label="What happened, the newest first" className="grid gap-4 text-sm">
            {items.map((entry) => (
              <TimelineItem key={`${entry.kind} ${entry.id}`} entry={entry} timeZone={timeZone} />
            ))}
          </ol>
          {older.error && (
            <Alert tone="danger" announce>
              {older.error.message}
            </Alert>
          )}
          {hasOlder && (
            <Button
              variant="secondary"
              className="justify-self-center"
              loading={older.isFetching}
              onClick={() => older.fetchNextPage()}
            >
              Show older
            </Button>
          )}
        </CardContent>
      )}
    </Card>
  );
}
