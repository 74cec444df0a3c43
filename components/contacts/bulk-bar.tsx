"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { TagInput } from "@/components/ui/tag-input";
import { type BulkActionProgress, startBulkAction } from "@/lib/bulk-actions/queries";
import type { Selection } from "@/lib/bulk-actions/schema";
import type { BulkActionKind } from "@/lib/db/generated/enums";

type Act = {
  kind: BulkActionKind;
  label: string;
  title: (who: string) => string;
  tone?: "danger";
  says: ReactNode;
};

const acts: Act[] = [
  { kind: "tag", label: "Tag", title: (who) => `Tag ${who}?`, says: "They keep the tags they have." },
  { kind: "untag", label: "Untag", title: (who) => `Take tags from ${who}?`, says: "All other tags stay." },
  {
    kind: "opt_out",
    label: "Opt out",
    title: (who) => `Opt ${who} out?`,
    says: "No campaign reaches them any more, not even one that is already being sent. They stay opted out when you import or add their numbers again, and each can only come back with a new agreement.",
  },
  {
    kind: "block",
    label: "Block",
    title: (who) => `Block ${who}?`,
    tone: "danger",
    says: "No campaign reaches them until you unblock them, whatever they agreed to.",
  },
  {
    kind: "unblock",
    label: "Unblock",
    title: (who) => `Unblock ${who}?`,
    says: "Campaigns reach them again if they opted in.",
  },
  {
    kind: "delete",
    label: "Delete",
    title: (who) => `Delete ${who}?`,
    tone: "danger",
    says: "Their numbers, details, consent histories and the texts of their messages are gone for good. Past campaigns keep their numbers. Of who opted out or was blocked a fingerprint of the number stays, so that no import opts them in again.",
  },
];

const hasTags = (kind: BulkActionKind) => kind === "tag" || kind === "untag";

type Props = {
  selection: Selection;
  who: string;
  tags: string[];
  onStart: (action: BulkActionProgress) => void;
  children: ReactNode;
};

/** What can be done to the chosen people, in the background. */
export function BulkBar({ selection, who, tags: suggestions, onStart, children }: Props) {
  const router = useRouter();
  const [tags, setTags] = useState<string[]>([]);
  const { mutateAsync } = useMutation({
    mutationFn: startBulkAction,
    onSuccess: ({ id, totalCount }, { kind, tags: chosenTags = [] }) => {
      setTags([]);
      onStart({
        ...{ id, kind, totalCount, tags: chosenTags, status: "processing" },
        ...{ processedCount: 0, changedCount: 0 },
      });
      router.refresh();
    },
  });
  return (
    <section
      aria-label="Selected contacts"
      className="sticky top-16 z-10 lg:top-2 mb-3 flex flex-wrap items-center gap-2 rounded-lg border border-primary bg-raised px-3 py-2 shadow-lg"
    >
      <div className="mr-auto flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">{children}</div>
      {acts.map(({ kind, label, title, tone, says }) => (
        <ConfirmDialog
          key={kind}
          trigger={
            <Button variant="secondary" size="sm">
              {label}
            </Button>
          }
          title={title(who)}
          confirmLabel={`${label} ${who}`}
          tone={tone}
          onConfirm={async () => {
            if (!hasTags(kind)) return mutateAsync({ kind, selection });
            if (tags.length === 0) throw new Error("Choose at least one tag");
            return mutateAsync({ kind, selection, tags });
          }}
        >
          <div className="grid gap-3">
            {hasTags(kind) && (
              <Field label="Tags">
                <TagInput value={tags} onChange={setTags} suggestions={suggestions} />
              </Field>
            )}
            <p>{says}</p>
          </div>
        </ConfirmDialog>
      ))}
    </section>
  );
}
