"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import { showErrors } from "@/lib/form-errors";
import { updateSending } from "@/lib/users/queries";
import { type SendingSettings, sendingSchema } from "@/lib/users/schema";

/** How fast an account sends, and when a campaign stops itself. */
export function SendingForm({ settings }: { settings: SendingSettings }) {
  const router = useRouter();
  const form = useForm({ resolver: zodResolver(sendingSchema), defaultValues: settings });
  const update = useMutation({
    mutationFn: updateSending,
    onSuccess: (_, values) => {
      form.reset(values);
      toast.success("Saved. It holds within seconds, for running campaigns too.");
      router.refresh();
    },
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;
  const number = { type: "number", inputMode: "numeric", min: 1, className: "w-32" } as const;

  return (
    <form method="post" noValidate onSubmit={form.handleSubmit((values) => update.mutate(values))}>
      <Card>
        <CardContent className="grid max-w-xl gap-5">
          {errors.root && (
            <Alert tone="danger" announce>
              {errors.root.message}
            </Alert>
          )}
          <Field
            label="Messages per second"
            hint="WhatsApp takes 80 per second from most numbers, and 1,000 from those it has upgraded. It upgrades a number by itself once it may message many people. If WhatsApp finds you too fast, Campanile slows down on its own and nothing is lost."
            error={errors.messagesPerSecond?.message}
          >
            <Input {...number} max={1000} {...form.register("messagesPerSecond", { valueAsNumber: true })} />
          </Field>
          <Field
            label="Pause a campaign when this share fails (%)"
            hint="Of its last hundred messages, once 20 are known. You see why, and resume it with one click. 100 never pauses."
            error={errors.brakePercent?.message}
          >
            <Input {...number} max={100} {...form.register("brakePercent", { valueAsNumber: true })} />
          </Field>
        </CardContent>
        <CardFooter>
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </CardFooter>
      </Card>
    </form>
  );
}
