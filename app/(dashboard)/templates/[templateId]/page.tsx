import { Copy, Send } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { cache } from "react";
import { DeleteTemplate } from "@/components/templates/delete-template";
import { SyncTemplates } from "@/components/templates/sync-templates";
import { TemplateDetails } from "@/components/templates/template-details";
import { TemplateEditor } from "@/components/templates/template-editor";
import { TemplateStatusBadge } from "@/components/templates/template-status-badge";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { requireUser } from "@/lib/auth";
import { isEditable, toForm } from "@/lib/templates/form";
import { templateRepository } from "@/lib/templates/repository";
import { templateParamsSchema } from "@/lib/templates/schema";
import { obstacleOf } from "@/lib/templates/variables";
import { userRepository } from "@/lib/users/repository";

type Props = PageProps<"/templates/[templateId]">;

const load = cache(async (templateId: string) => {
  const userId = await requireUser();
  const params = templateParamsSchema.safeParse({ templateId });
  const template = params.success ? await templateRepository.find(userId, templateId) : null;
  return { userId, template: template ?? notFound() };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { template } = await load((await params).templateId);
  return { title: template.name };
}

export default async function TemplatePage({ params }: Props) {
  const { userId, template } = await load((await params).templateId);
  const { businessName } = await userRepository.get(userId);
  const { id, name, status, rejectionReason } = template;
  const isKnownAtMeta = template.whatsappTemplateId !== null;
  const isOpen = (status === "draft" || status === "rejected") && isEditable(template);
  const sender = businessName ?? "Your business";

  return (
    <>
      <PageHeader
        title={name}
        badge={<TemplateStatusBadge status={status} />}
        back={{ href: "/templates", label: "Templates" }}
        actions={
          <>
            {status === "pending" && <SyncTemplates />}
            <Button variant="secondary" asChild>
              <Link href={`/templates/new?from=${id}`}>
                <Copy aria-hidden />
                Duplicate
              </Link>
            </Button>
            <DeleteTemplate templateId={id} name={name} isKnownAtMeta={isKnownAtMeta} />
            {status === "approved" && !obstacleOf(template.components) && (
              <Button asChild>
                <Link href={`/campaigns/new?templateId=${id}`}>
                  <Send aria-hidden />
                  Use in a campaign
                </Link>
              </Button>
            )}
          </>
        }
      />
      {isOpen ? (
        <>
          {rejectionReason && (
            <Alert
              tone="danger"
              title={status === "rejected" ? "WhatsApp did not approve it" : "It was not submitted"}
              className="mb-5"
            >
              <p>{rejectionReason}</p>
              {status === "rejected" && (
                <p className="mt-1">Change the template below and submit it again.</p>
              )}
            </Alert>
          )}
          <TemplateEditor
            key={id}
            templateId={id}
            initial={toForm(template)}
            isKnownAtMeta={isKnownAtMeta}
            businessName={sender}
          />
        </>
      ) : (
        <TemplateDetails template={template} businessName={sender} />
      )}
    </>
  );
}
