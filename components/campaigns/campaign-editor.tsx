"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { SubmitEvent } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { AudienceCard, type SegmentChoice, type TagCount } from "@/components/campaigns/audience-card";
import { CarefulCard } from "@/components/campaigns/careful-card";
import { EditorPreview } from "@/components/campaigns/editor-preview";
import { MessageCard } from "@/components/campaigns/message-card";
import { NameCard } from "@/components/campaigns/name-card";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import { ApiError } from "@/lib/api-client";
import { type CampaignForm, campaignFormSchema } from "@/lib/campaigns/form";
import { createCampaign, updateCampaign } from "@/lib/campaigns/queries";
import type { CreateCampaign } from "@/lib/campaigns/schema";
import type { Names } from "@/lib/contact-filters/words";
import { showErrors } from "@/lib/form-errors";
import type { Template } from "@/lib/templates/schema";

type Props = {
  initial: CampaignForm;
  /** Of a draft that exists already. */
  campaignId?: string | undefined;
  templates: Template[];
  tags: TagCount[];
  segments: SegmentChoice[];
  names: Names;
  customFields: string[];
  businessName: string;
};

export function CampaignEditor({
  initial,
  campaignId,
  templates,
  customFields,
  businessName,
  ...people
}: Props) {
  const router = useRouter();
  const form = useForm({ resolver: zodResolver(campaignFormSchema), defaultValues: initial });
  const open = (id: string) => {
    router.push(`/campaigns/${id}`);
    router.refresh();
  };
  const save = useMutation({
    mutationFn: async (input: CreateCampaign) => {
      if (!campaignId) return (await createCampaign(input)).id;
      await updateCampaign(campaignId, input);
      return campaignId;
    },
    onSuccess: (id) => {
      toast.success("Draft saved. Nothing has been sent.");
      open(id);
    },
    onError: (error) => {
      showErrors(form, error);
      const isNoDraftAnyMore = error instanceof ApiError && error.status === 409;
      if (campaignId && isNoDraftAnyMore) {
        toast.error(error.message);
        open(campaignId);
      }
    },
  });
  const { errors } = form.formState;
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) =>
    form.handleSubmit((input) => save.mutate(input))(event);

  return (
    <FormProvider {...form}>
      <form
        noValidate
        onSubmit={onSubmit}
        className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem] lg:grid-rows-[auto_1fr]"
      >
        <div className="grid min-w-0 content-start gap-5">
          <NameCard />
          <MessageCard templates={templates} customFields={customFields} />
          <AudienceCard {...people} />
          <CarefulCard />
        </div>
        <div className="lg:sticky lg:top-8 lg:row-span-2 lg:self-start">
          <EditorPreview templates={templates} businessName={businessName} />
        </div>
        <div className="grid gap-5">
          {errors.root && (
            <Alert tone="danger" announce>
              {errors.root.message}
            </Alert>
          )}
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" loading={save.isPending || save.isSuccess}>
              Save draft
            </Button>
            <p className="text-muted-foreground text-sm">
              Nothing is sent yet: you check everything once more on the next page.
            </p>
          </div>
        </div>
      </form>
    </FormProvider>
  );
}
