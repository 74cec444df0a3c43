import type { Metadata } from "next";
import * as z from "zod";
import { loadNames } from "@/app/(dashboard)/contacts/load-names";
import { CampaignEditor } from "@/components/campaigns/campaign-editor";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { emptyForm, emptyParameter } from "@/lib/campaigns/form";
import { contactFieldRepository } from "@/lib/contact-fields/repository";
import { wordsFor } from "@/lib/contact-filters/words";
import { contactRepository } from "@/lib/contacts/repository";
import { segmentRepository } from "@/lib/segments/repository";
import { templateRepository } from "@/lib/templates/repository";
import { variablesOf } from "@/lib/templates/variables";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "New campaign" };

const querySchema = z.object({ templateId: z.uuid().optional() });

export default async function NewCampaignPage({ searchParams }: PageProps<"/campaigns/new">) {
  const userId = await requireUser();
  const { templateId } = querySchema.catch({}).parse(await searchParams);
  const [templates, tags, segments, customFields, { businessName }] = await Promise.all([
    templateRepository.listApproved(userId),
    contactRepository.listTags(userId),
    segmentRepository.list(userId),
    contactFieldRepository.list(userId),
    userRepository.get(userId),
  ]);
  const names = await loadNames(
    userId,
    segments.map(({ filter }) => filter),
  );
  const chosen = templates.find(({ id }) => id === templateId);
  const initial = chosen
    ? {
        ...emptyForm,
        templateId: chosen.id,
        parameters: variablesOf(chosen.components).map(emptyParameter),
      }
    : emptyForm;

  return (
    <>
      <PageHeader
        title="New campaign"
        description="Choose what is sent and to whom. Nothing goes out before you say so on the next page."
        back={{ href: "/campaigns", label: "Campaigns" }}
      />
      <CampaignEditor
        key={chosen?.id ?? "new"}
        initial={initial}
        templates={templates}
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
