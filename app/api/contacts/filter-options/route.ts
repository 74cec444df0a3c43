import { campaignRepository } from "@/lib/campaigns/repository";
import { contactFieldRepository } from "@/lib/contact-fields/repository";
import { listCallingCodes } from "@/lib/contact-filters/calling-codes";
import { contactRepository } from "@/lib/contacts/repository";
import { userRoute } from "@/lib/http";

export const GET = userRoute({}, async ({ userId }) => {
  const [tags, fields, { items }] = await Promise.all([
    contactRepository.listTags(userId),
    contactFieldRepository.list(userId),
    campaignRepository.list(userId),
  ]);
  const campaigns = items.filter(({ startedAt }) => startedAt !== null).map(({ id, name }) => ({ id, name }));
  return { tags, fields, campaigns, callingCodes: listCallingCodes() };
});
