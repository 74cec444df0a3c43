import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { ConversationView } from "@/components/inbox/conversation-view";
import { requireUser } from "@/lib/auth";
import { nameOf } from "@/lib/inbox/conversation";
import { inboxRepository } from "@/lib/inbox/repository";
import { conversationParamsSchema } from "@/lib/inbox/schema";
import { templateRepository } from "@/lib/templates/repository";
import { obstacleOf } from "@/lib/templates/variables";
import { userRepository } from "@/lib/users/repository";

type Props = PageProps<"/inbox/[contactId]">;

/** Once per request, for the page and its title. */
const load = cache(async (contactId: string) => {
  const userId = await requireUser();
  const params = conversationParamsSchema.safeParse({ contactId });
  const person = params.success && (await inboxRepository.find(userId, contactId));
  return { userId, person: person || notFound() };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { person } = await load((await params).contactId);
  return { title: `${nameOf(person)} · Inbox` };
}

export default async function ConversationPage({ params }: Props) {
  const { userId, person } = await load((await params).contactId);
  const [entries, templates, { timeZone }] = await Promise.all([
    inboxRepository.listEntries(userId, person.id),
    templateRepository.listApproved(userId),
    userRepository.get(userId),
  ]);
  return (
    <ConversationView
      key={person.id}
      initial={{ person, entries }}
      templates={templates.filter(({ components }) => obstacleOf(components) === null)}
      timeZone={timeZone}
    />
  );
}
