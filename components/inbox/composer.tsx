"use client";

import Link from "next/link";
import { type ReactNode, useState } from "react";
import { FreeComposer } from "@/components/inbox/free-composer";
import { TemplateComposer } from "@/components/inbox/template-composer";
import { nameOf, type Person } from "@/lib/inbox/conversation";
import type { Template } from "@/lib/templates/schema";

type Props = {
  person: Person;
  isOpen: boolean;
  templates: Template[];
};

/** What may be answered now: one's own words within 24 hours, a template at any time, or nothing, and then why. */
export function Composer({ person, isOpen, templates }: Props) {
  const [prefersTemplate, setPrefersTemplate] = useState(false);
  const { id, isBlocked, blockedReason, optedIn, optedOutAt } = person;
  const name = nameOf(person);
  const isOptedOut = !optedIn && optedOutAt !== null;

  if (isBlocked) {
    return (
      <Note>
        You have blocked {name}
        {blockedReason && ` (${blockedReason})`}. To answer, unblock them on their{" "}
        <Link href={`/contacts/${id}`} className="text-primary underline underline-offset-4">
          contact page
        </Link>
        .
      </Note>
    );
  }
  if (isOpen && !prefersTemplate) {
    return <FreeComposer person={person} onTemplate={isOptedOut ? null : () => setPrefersTemplate(true)} />;
  }
  if (isOptedOut) {
    return (
      <Note>
        {name} has opted out, so no template may be sent. When they write again, you can answer in your own
        words for 24 hours.
      </Note>
    );
  }
  return (
    <TemplateComposer
      person={person}
      templates={templates}
      onFree={isOpen ? () => setPrefersTemplate(false) : null}
    />
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="border-t bg-muted/40 px-4 py-4 text-muted-foreground text-sm">
      {children}
    </p>
  );
}
