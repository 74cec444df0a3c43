import type { ReactNode } from "react";
import { ConversationList } from "@/components/inbox/conversation-list";
import { InboxPanes } from "@/components/inbox/inbox-panes";
import { requireUser } from "@/lib/auth";
import { inboxRepository } from "@/lib/inbox/repository";
import { userRepository } from "@/lib/users/repository";

/** The list outlives the conversations that are opened from it. */
export default async function InboxLayout({ children }: { children: ReactNode }) {
  const userId = await requireUser();
  const [conversations, { timeZone, isConnected, isSandbox }] = await Promise.all([
    inboxRepository.list(userId, { filter: "all", search: "" }),
    userRepository.get(userId),
  ]);
  const list = <ConversationList initial={conversations} account={{ timeZone, isConnected, isSandbox }} />;
  return <InboxPanes list={list}>{children}</InboxPanes>;
}
