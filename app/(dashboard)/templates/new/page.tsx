import type { Metadata } from "next";
import { notFound } from "next/navigation";
import * as z from "zod";
import { TemplateEditor } from "@/components/templates/template-editor";
import { Alert } from "@/components/ui/alert";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { emptyForm, isEditable, toCopy } from "@/lib/templates/form";
import { templateRepository } from "@/lib/templates/repository";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "New template" };

const querySchema = z.object({ from: z.uuid().optional() });

export default async function NewTemplatePage({ searchParams }: PageProps<"/templates/new">) {
  const userId = await requireUser();
  const { from } = querySchema.catch({}).parse(await searchParams);
  const original = from ? await originalOf(userId, from) : null;
  const { businessName } = await userRepository.get(userId);
  return (
    <>
      <PageHeader
        title={original ? `Copy of ${original.name}` : "New template"}
        description="Write the message once; campaigns fill in the variables for each person."
        back={{ href: "/templates", label: "Templates" }}
      />
      {original && !isEditable(original) && (
        <Alert tone="warning" className="mb-5">
          The original has parts that cannot be written here, such as an image. The copy has only its texts.
        </Alert>
      )}
      <TemplateEditor
        key={original?.id ?? "new"}
        initial={original ? toCopy(original) : emptyForm}
        businessName={businessName ?? "Your business"}
      />
    </>
  );
}

async function originalOf(userId: UserId, id: string) {
  return (await templateRepository.find(userId, id)) ?? notFound();
}
