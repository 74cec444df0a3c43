"use client";

import { useMutation } from "@tanstack/react-query";
import { Paperclip, X } from "lucide-react";
import { type ChangeEvent, useRef } from "react";
import { mediaIcon } from "@/components/templates/media-icon";
import { Button } from "@/components/ui/button";
import { acceptOf, aKind, megabytesFor } from "@/lib/media/limits";
import { uploadMedia } from "@/lib/media/queries";
import type { Media, MediaKind } from "@/lib/media/schema";

type Props = {
  kinds: MediaKind[];
  media: Media | null;
  onChange: (media: Media | null) => void;
  label: string;
};

const or = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** A button that hands a file to WhatsApp as soon as it is chosen, and then the file's name. */
export function FilePicker({ kinds, media, onChange, label }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const upload = useMutation({
    mutationFn: async (file: File): Promise<Media> => {
      const largest = megabytesFor(file.type, kinds);
      if (file.size > largest * 1024 * 1024)
        throw new Error(`“${file.name}” is larger than ${largest} MB. Choose a smaller file.`);
      const uploaded = await uploadMedia(file);
      if (kinds.includes(uploaded.kind)) return uploaded;
      throw new Error(`“${file.name}” is ${aKind(uploaded.kind)}. Choose ${or.format(kinds.map(aKind))}.`);
    },
  });
  const choose = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file) upload.mutate(file, { onSuccess: onChange });
    // So that the same file, corrected in the meantime, can be chosen again.
    target.value = "";
  };
  const Icon = media && mediaIcon(media.kind);

  return (
    <>
      <input
        ref={input}
        type="file"
        accept={kinds.map((kind) => acceptOf[kind]).join()}
        onChange={choose}
        tabIndex={-1}
        aria-label={label}
        className="hidden"
      />
      {media && Icon ? (
        <span className="flex min-w-0 max-w-64 items-center gap-1.5 rounded-md border bg-background/60 pl-2.5 text-sm">
          <Icon aria-hidden className="size-4 shrink-0 text-primary" />
          <span className="truncate" title={media.fileName}>
            {media.fileName}
          </span>
          <Button
            variant="ghost"
            size="sm"
            aria-label={`Remove ${media.fileName}`}
            onClick={() => onChange(null)}
          >
            <X aria-hidden />
          </Button>
        </span>
      ) : (
        <Button variant="ghost" size="sm" loading={upload.isPending} onClick={() => input.current?.click()}>
          <Paperclip aria-hidden />
          {label}
        </Button>
      )}
      {upload.error && (
        <p role="alert" className="text-danger text-xs">
          {upload.error.message}
        </p>
      )}
    </>
  );
}
