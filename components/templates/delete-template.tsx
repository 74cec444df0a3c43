"use client";

import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toaster";
import { deleteTemplate } from "@/lib/templates/queries";

type Props = { templateId: string; name: string; isKnownAtMeta: boolean };

export function DeleteTemplate({ templateId, name, isKnownAtMeta }: Props) {
  const router = useRouter();
  const remove = async () => {
    await deleteTemplate(templateId);
    toast.success(`Deleted ${name}`);
    router.replace("/templates");
    router.refresh();
  };
  return (
    <ConfirmDialog
      trigger={
        <Button variant="secondary">
          <Trash2 aria-hidden />
          Delete
        </Button>
      }
      tone="danger"
      title={`Delete the template “${name}”?`}
      confirmLabel="Delete template"
      onConfirm={remove}
    >
      <p>
        {isKnownAtMeta
          ? "It is deleted at WhatsApp too. If it was approved, WhatsApp keeps its name locked for 30 days. "
          : "The draft is gone for good. "}
        Campaigns that were already sent keep a copy of what they sent.
      </p>
    </ConfirmDialog>
  );
}
