import type { Metadata } from "next";
import { InboxStart } from "@/components/inbox/inbox-start";
import { requireUser } from "@/lib/auth";

export const metadata: Metadata = { title: "Inbox" };

export default async function InboxPage() {
  await requireUser();
  return <InboxStart />;
}
