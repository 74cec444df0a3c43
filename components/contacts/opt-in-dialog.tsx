"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { UserCheck } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { AgreementFields } from "@/components/contacts/agreement-fields";
import { useAct } from "@/components/contacts/use-act";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogTrigger } from "@/components/ui/dialog";
import { optIn } from "@/lib/contacts/queries";
import { optInSchema } from "@/lib/contacts/schema";
import { showErrors } from "@/lib/form-errors";

type Props = { id: string; name: string; hadOptedOut: boolean };

export function OptInDialog({ id, name, hadOptedOut }: Props) {
  const [isOpen, setOpen] = useState(false);
  const act = useAct();
  const form = useForm({ resolver: zodResolver(optInSchema), defaultValues: { wording: "", agreedOn: "" } });
  const opting = useMutation({
    mutationFn: (agreement: { wording: string; agreedOn?: string | undefined }) =>
      act(() => optIn({ id, ...agreement }), `${name} is opted in`),
    onSuccess: () => {
      setOpen(false);
      form.reset();
    },
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button>
          <UserCheck aria-hidden />
          Opt in
        </Button>
      </DialogTrigger>
      <DialogContent title={`Opt ${name} in`}>
        <form
          noValidate
          className="grid gap-4"
          onSubmit={form.handleSubmit((agreement) => opting.mutate(agreement))}
        >
          {hadOptedOut && (
            <Alert tone="warning" title="This person had opted out">
              Opt them in only if they asked for it since then.
            </Alert>
          )}
          {errors.root && (
            <Alert tone="danger" announce>
              {errors.root.message}
            </Alert>
          )}
          <AgreementFields
            wording={form.register("wording")}
            agreedOn={form.register("agreedOn")}
            errors={errors}
          />
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="secondary">Cancel</Button>
            </DialogClose>
            <Button type="submit" loading={opting.isPending}>
              Opt in
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
