"use client";

import { useMutation } from "@tanstack/react-query";
import { Bookmark } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogFooter, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import { ApiError } from "@/lib/api-client";
import type { Filter } from "@/lib/contact-filters/schema";
import { createSegment } from "@/lib/segments/queries";

/** Gives the conditions of a list a name, under which a campaign finds them. */
export function SaveSegment({ filter }: { filter: Filter }) {
  const [isOpen, setOpen] = useState(false);
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: (name: string) => createSegment({ name, filter }),
    onSuccess: (_, name) => {
      setOpen(false);
      toast.success(`Saved the segment “${name}”`);
    },
  });
  const nameError = error instanceof ApiError ? error.fields.name?.[0] : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    mutate(String(new FormData(event.currentTarget).get("name")).trim());
  };
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(next) => {
        reset();
        setOpen(next);
      }}
    >
      <DialogTrigger asChild>
        <Button variant="ghost" size="sm">
          <Bookmark aria-hidden />
          Save as segment
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Save as segment"
        description="A campaign can go to it. Who belongs to it is always looked up anew."
      >
        <form onSubmit={submit} noValidate className="grid gap-4">
          <Field label="Name" error={nameError}>
            <Input name="name" maxLength={80} required />
          </Field>
          {error && !nameError && (
            <Alert tone="danger" announce>
              {error.message}
            </Alert>
          )}
          <DialogFooter>
            <Button type="submit" loading={isPending}>
              Save segment
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
