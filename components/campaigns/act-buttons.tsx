"use client";

import { useMutation } from "@tanstack/react-query";
import { Ban, Pause, Play, Trash2, Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useAct } from "@/components/campaigns/use-act";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toaster";
import {
  cancelCampaign,
  deleteCampaign,
  pauseCampaign,
  resumeCampaign,
  unscheduleCampaign,
} from "@/lib/campaigns/queries";
import type { CampaignStatus } from "@/lib/db/generated/enums";

type Props = { campaign: { id: string; name: string; status: CampaignStatus } };

const trigger = (icon: ReactNode, label: string) => (
  <Button variant="secondary">
    {icon}
    {label}
  </Button>
);

export function DeleteButton({ campaign: { id, name, status } }: Props) {
  const router = useRouter();
  const act = useAct(id);
  const remove = async () => {
    await deleteCampaign(id);
    router.replace("/campaigns");
  };
  return (
    <ConfirmDialog
      trigger={trigger(<Trash2 aria-hidden />, "Delete")}
      tone="danger"
      title={`Delete the campaign “${name}”?`}
      confirmLabel="Delete campaign"
      onConfirm={() => act(remove, `Deleted ${name}`)}
    >
      {status === "draft"
        ? "The draft is gone for good. Nothing of it was sent."
        : "Its numbers and the record of who got the message are gone for good. What was sent stays sent."}
    </ConfirmDialog>
  );
}

export function TakeBackButton({ campaign: { id } }: Props) {
  const act = useAct(id);
  return (
    <ConfirmDialog
      trigger={trigger(<Undo2 aria-hidden />, "Back to draft")}
      title="Take this campaign back to draft?"
      confirmLabel="Back to draft"
      cancelLabel="Leave it scheduled"
      onConfirm={() => act(() => unscheduleCampaign(id), "It is a draft again and will not start.")}
    >
      It will not start by itself any more. You can edit it, send it or schedule it again.
    </ConfirmDialog>
  );
}

export function PauseButton({ campaign: { id, name } }: Props) {
  const act = useAct(id);
  return (
    <ConfirmDialog
      trigger={trigger(<Pause aria-hidden />, "Pause")}
      title={`Pause “${name}”?`}
      confirmLabel="Pause campaign"
      cancelLabel="Keep sending"
      onConfirm={() => act(() => pauseCampaign(id), "Paused. You can resume it at any time.")}
    >
      What is on its way right now still arrives. Everybody else waits until you resume it, and nobody gets
      the message twice.
    </ConfirmDialog>
  );
}

/** One click: the alert on the page says why it is paused, and that nobody gets anything twice. */
export function ResumeButton({ campaign: { id } }: Props) {
  const act = useAct(id);
  const resume = useMutation({
    mutationFn: () => act(() => resumeCampaign(id), "Sending goes on."),
    onError: (error) => toast.error(error.message),
  });
  return (
    <Button loading={resume.isPending} onClick={() => resume.mutate()}>
      <Play aria-hidden />
      Resume
    </Button>
  );
}

export function CancelButton({ campaign: { id, name, status } }: Props) {
  const act = useAct(id);
  return (
    <ConfirmDialog
      trigger={trigger(<Ban aria-hidden />, "Cancel campaign")}
      tone="danger"
      title={`Cancel “${name}”?`}
      confirmLabel="Cancel campaign"
      cancelLabel={status === "scheduled" ? "Leave it scheduled" : "Do not cancel"}
      onConfirm={() => act(() => cancelCampaign(id), "Canceled. Nothing more will be sent.")}
    >
      {status === "scheduled"
        ? "It will never be sent. To change it instead, take it back to draft."
        : "Whoever has not been sent the message yet will not get it. A canceled campaign cannot be resumed; pause it if you may want to go on later."}
    </ConfirmDialog>
  );
}
