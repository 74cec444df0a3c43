import { BookUser, MessageSquareText, Send } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatPeople } from "@/lib/campaigns/numbers";

type Props = { optedIn: number; approved: number; pending: number };

/** The next step of an account without campaigns: people, then a template, then the campaign. */
export function FirstCampaign({ optedIn, approved, pending }: Props) {
  if (optedIn === 0) {
    return (
      <EmptyState
        icon={BookUser}
        title="First, the people"
        action={<NextStep href="/contacts/import" label="Import contacts" />}
      >
        A campaign goes to people who agreed to hear from you. Import them from a file, or add them one by
        one.
      </EmptyState>
    );
  }
  if (approved === 0) {
    return (
      <EmptyState
        icon={MessageSquareText}
        title={pending > 0 ? "WhatsApp is reading your template" : "Next, the message"}
        action={
          pending > 0 ? (
            <NextStep href="/templates" label="See your templates" />
          ) : (
            <NextStep href="/templates/new" label="Write a template" />
          )
        }
      >
        {pending > 0
          ? "As soon as it is approved you can send it in a campaign."
          : `${formatPeople(optedIn)} agreed to hear from you. Write what they should read; WhatsApp approves it first.`}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={Send}
      title="Send your first campaign"
      action={<NextStep href="/campaigns/new" label="New campaign" />}
    >
      Choose a template and who gets it. You see everything before anything is sent.
    </EmptyState>
  );
}

const NextStep = ({ href, label }: { href: Route; label: string }) => (
  <Button asChild>
    <Link href={href}>{label}</Link>
  </Button>
);
