"use client";

import { useMutation } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { useFormContext, useWatch } from "react-hook-form";
import { mediaIcon } from "@/components/templates/media-icon";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FileDrop } from "@/components/ui/file-drop";
import { Spinner } from "@/components/ui/spinner";
import type { CampaignForm } from "@/lib/campaigns/form";
import { acceptOf, aKind, kindWords, limitsOf, megabytesFor } from "@/lib/media/limits";
import { uploadMedia } from "@/lib/media/queries";
import type { Media, MediaKind } from "@/lib/media/schema";

type Props = { kinds: MediaKind[]; label: string; optional: boolean };

const or = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** A file that goes to WhatsApp as soon as it is chosen; the campaign keeps its id. */
export function AttachmentField({ kinds, label, optional }: Props) {
  const { setValue, clearErrors, formState } = useFormContext<CampaignForm>();
  const media = useWatch<CampaignForm, "media">({ name: "media" });
  const input = useRef<HTMLInputElement>(null);
  const remove = useRef<HTMLButtonElement>(null);
  const takesFocus = useRef(false);
  const labelId = useId();
  const wanted = or.format(kinds.map(aKind));

  const upload = useMutation({
    mutationFn: async (file: File): Promise<Media> => {
      const largest = megabytesFor(file.type, kinds);
      if (file.size > largest * 1024 * 1024)
        throw new Error(`“${file.name}” is larger than ${largest} MB. Choose a smaller file.`);
      const uploaded = await uploadMedia(file);
      if (kinds.includes(uploaded.kind)) return uploaded;
      throw new Error(`“${file.name}” is ${aKind(uploaded.kind)}. Choose ${wanted}.`);
    },
  });
  const keep = (next: Media | null) => {
    takesFocus.current = true;
    setValue("media", next, { shouldDirty: true });
    clearErrors(["media", "text"]);
  };

  // What had the focus is gone: the file's name has taken the place of the button that chose it, or the other way round.
  useEffect(() => {
    if (!takesFocus.current) return;
    takesFocus.current = false;
    (media ? remove : input).current?.focus();
  }, [media]);

  if (media) {
    const Icon = mediaIcon(media.kind);
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset would be drawn as one
      <div role="group" aria-labelledby={labelId} className="grid gap-1.5">
        <span id={labelId} className="font-medium text-sm">
          {label}
        </span>
        <div className="flex max-w-md items-center gap-3 rounded-md border bg-background/60 py-2 pr-2 pl-3">
          <Icon aria-hidden className="size-5 shrink-0 text-primary" />
          <span className="min-w-0 grow">
            <span className="block truncate text-sm" title={media.fileName}>
              {media.fileName}
            </span>
            <span className="block text-muted-foreground text-xs capitalize">
              {kindWords[media.kind].name}
            </span>
          </span>
          <Button
            ref={remove}
            variant="ghost"
            size="sm"
            aria-label={`Remove ${media.fileName}`}
            onClick={() => keep(null)}
          >
            <X aria-hidden />
            Remove
          </Button>
        </div>
        {formState.errors.media?.message && (
          <p role="alert" className="text-danger text-xs">
            {formState.errors.media.message}
          </p>
        )}
      </div>
    );
  }
  return (
    <div className="grid gap-1.5">
      <Field
        label={label}
        optional={optional}
        error={upload.error?.message ?? formState.errors.media?.message}
        className="max-w-md"
      >
        <FileDrop
          ref={input}
          file={null}
          onChange={(file) => upload.mutate(file, { onSuccess: keep })}
          accept={kinds.map((kind) => acceptOf[kind]).join()}
          label={`Choose ${wanted}`}
          hint={kinds.map(limitsOf).join("; ")}
        />
      </Field>
      <p role="status" className="flex items-center gap-2 text-muted-foreground text-xs">
        {upload.isPending && (
          <>
            <Spinner className="size-3.5" />
            Handing “{upload.variables.name}” to WhatsApp…
          </>
        )}
      </p>
    </div>
  );
}
