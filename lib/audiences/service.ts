import { conditionsOf, reachable } from "@/lib/audiences/conditions";
import { audienceRepository } from "@/lib/audiences/repository";
import { type AudiencePreviewInput, type KeptAudience, keptAudienceSchema } from "@/lib/campaigns/schema";
import type { Filter } from "@/lib/contact-filters/schema";
import { notFound } from "@/lib/errors";
import { segmentRepository } from "@/lib/segments/repository";
import type { UserId } from "@/lib/tenant";

/** How many people an audience has now, and what the first of them would read. */
export async function previewAudience(userId: UserId, input: AudiencePreviewInput) {
  const { audience, messageType, messageContent } = input;
  const found = await audienceOf(userId, audience);
  const conditions = found && conditionsOf(found);
  if (!conditions) throw notFound("Segment");
  const [people, samples] = await Promise.all([
    countPeople(userId, conditions, messageType === "text"),
    audienceRepository.preview(userId, conditions, messageContent.parameters),
  ]);
  return { ...people, samples, filter: [...reachable, ...conditions] };
}

/** How many people meet conditions, and of those whom a text would reach now; nobody while there are none. */
export async function countPeople(userId: UserId, conditions: Filter | null, isText: boolean) {
  if (!conditions) return { recipients: 0, withinWindow: isText ? 0 : null };
  const [recipients, withinWindow] = await Promise.all([
    audienceRepository.count(userId, conditions),
    isText ? audienceRepository.countWithinWindow(userId, conditions) : null,
  ]);
  return { recipients, withinWindow };
}

/** A campaign's audience with its segment as it was noted down, or as it is now; null when the segment was deleted. */
export async function audienceOf(userId: UserId, stored: unknown): Promise<KeptAudience | null> {
  const audience = keptAudienceSchema.parse(stored);
  if (audience.segment || audience.segmentId === null) return audience;
  const segment = await segmentRepository.find(userId, audience.segmentId);
  return segment && { ...audience, segment };
}
