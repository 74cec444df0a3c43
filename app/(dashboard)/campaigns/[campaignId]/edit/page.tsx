import type { Metadata, Route } from "next";
import { redirect } from "next/navigation";
import { loadCampaign } from "@/app/(dashboard)/campaigns/[campaignId]/load-campaign";
import { loadNames } from "@/app/(dashboard)/contacts/load-names";
import { CampaignEditor } from "@/components/campaigns/campaign-editor";
import { PageHeader } from "@/components/ui/page-header";
import { componentsOf } from "@/lib/campaigns/content";
import { emptyParameter, toForm } from "@/lib/campaigns/form";
import { audienceSchema, messageContentSchema } from "@/lib/campaigns/schema";
import { contactFieldRepository } from "@/lib/contact-fields/repository";
import { wordsFor } from "@/lib/contact-filters/words";
import { contactRepository } from "@/lib/contacts/repository";
import { segmentRepository } from "@/lib/segments/repository";
import { templateRepository } from "@/lib/templates/repository";
import { variablesOf } from "@/lib/templates/variables";
import { userRepository } from "@/lib/users/repository";

type Props = PageProps<"/campaigns/[campaignId]/edit">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { campaign } = await loadCampaign((await params).campaignId);
  return { title: `Edit ${campaign.name}` };
}

export default async function EditCampaignPage({ params }: Props) {
  const { userId, campaign } = await loadCampaign((await params).campaignId);
  const { id, name, status, messageType, canaryPercent, canaryMinutes, retriesHeldBack } = campaign;
  const messageContent = messageContentSchema.parse(campaign.messageContent);
  if (status !== "draft") redirect(`/campaigns/${id}`);
  const [approved, current, tags, segments, customFields, { businessName }] = await Promise.all([
    templateRepository.listApproved(userId),
    campaign.template && templateRepository.find(userId, campaign.template.id),
    contactRepository.listTags(userId),
    segmentRepository.list(userId),
    contactFieldRepository.list(userId),
    userRepository.get(userId),
  ]);
  const audience = audienceSchema.parse(campaign.audience);
  const names = await loadNames(userId, [audience.filter, ...segments.map(({ filter }) => filter)]);
  const form = toForm({
    name,
    messageType,
    templateId: current?.id ?? null,
    messageContent,
    audience,
    ...{ canaryPercent, canaryMinutes, retriesHeldBack },
  });
  // The template may have other variables than when the draft was saved.
  const components = componentsOf({ messageType, text: messageContent.text, template: current });
  const parameters = variablesOf(components).map(
    (variable, index) => form.parameters[index] ?? emptyParameter(variable),
  );
  const isListed = !current || approved.some((template) => template.id === current.id);

  return (
    <>
      <PageHeader
        title={`Edit ${name}`}
        description="A draft: nothing has been sent."
        back={{ href: `/campaigns/${id}` as Route, label: name }}
      />
      <CampaignEditor
        campaignId={id}
        initial={{ ...form, parameters }}
        templates={isListed ? approved : [current, ...approved]}
        tags={tags}
        segments={segments.map(({ id, name, filter }) => ({
          ...{ id, name },
          words: filter.map((condition) => wordsFor(condition, names)),
        }))}
        names={names}
        customFields={customFields}
        businessName={businessName ?? "Your business"}
      />
    </>
  );
}
