"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type SubmitEvent, useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { BasicsCard } from "@/components/templates/basics-card";
import { ButtonsCard } from "@/components/templates/buttons-card";
import { ContentCard } from "@/components/templates/content-card";
import { TemplatePreview } from "@/components/templates/template-preview";
import { useTemplateForm } from "@/components/templates/use-problems";
import { useUnsavedWarning } from "@/components/templates/use-unsaved-warning";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import { showErrors } from "@/lib/form-errors";
import { type TemplateForm, templateFormSchema, toComponents } from "@/lib/templates/form";
import { createTemplate, submitTemplate, updateTemplate } from "@/lib/templates/queries";
import type { CreateTemplate } from "@/lib/templates/schema";

type Props = {
  initial: TemplateForm;
  /** Of a template that exists already. */
  templateId?: string | undefined;
  isKnownAtMeta?: boolean | undefined;
  businessName: string;
};

export function TemplateEditor({ initial, templateId, isKnownAtMeta = false, businessName }: Props) {
  const router = useRouter();
  const [savedId, setSavedId] = useState(templateId);
  const form = useForm({
    resolver: zodResolver(templateFormSchema),
    defaultValues: initial,
    mode: "onTouched",
  });
  useUnsavedWarning(form.formState.isDirty);

  /** Keeps the editor open under the address of what was just created, in case that submitting it fails. */
  const save = async (input: CreateTemplate) => {
    const { id } = savedId ? await updateTemplate(savedId, input) : await createTemplate(input);
    if (!savedId) window.history.replaceState(null, "", `/templates/${id}`);
    setSavedId(id);
    form.reset(undefined, { keepValues: true });
    return id;
  };
  const leave = (id: string) => {
    router.replace(`/templates/${id}`);
    router.refresh();
  };
  const onError = (error: Error) => showErrors(form, error);
  const saveDraft = useMutation({
    mutationFn: save,
    onSuccess: (id) => {
      toast.success("Draft saved");
      leave(id);
    },
    onError,
  });
  const submit = useMutation({
    mutationFn: async (input: CreateTemplate) => submitTemplate(await save(input)),
    onSuccess: ({ id }) => leave(id),
    onError,
  });
  const { errors } = form.formState;
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) =>
    form.handleSubmit((input) => submit.mutate(input))(event);

  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={onSubmit} className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 content-start gap-5">
          {errors.root && (
            <Alert tone="danger" announce>
              {errors.root.message}
            </Alert>
          )}
          <BasicsCard isKnownAtMeta={isKnownAtMeta} />
          <ContentCard />
          <ButtonsCard />
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" loading={submit.isPending} disabled={saveDraft.isPending}>
              Submit to WhatsApp
            </Button>
            <Button
              variant="secondary"
              loading={saveDraft.isPending}
              disabled={submit.isPending}
              onClick={form.handleSubmit((input) => saveDraft.mutate(input))}
            >
              {isKnownAtMeta ? "Save changes" : "Save draft"}
            </Button>
            <p className="text-muted-foreground text-xs">
              WhatsApp reviews every template before it can be sent.
            </p>
          </div>
        </div>
        <div className="lg:sticky lg:top-8 lg:self-start">
          <LivePreview businessName={businessName} />
        </div>
      </form>
    </FormProvider>
  );
}

function LivePreview({ businessName }: { businessName: string }) {
  return <TemplatePreview components={toComponents(useTemplateForm())} businessName={businessName} />;
}
