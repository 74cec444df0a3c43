"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardFooter, CardHeader, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import { showErrors } from "@/lib/form-errors";
import { updateRetention } from "@/lib/users/queries";
import { type Retention, retentionSchema } from "@/lib/webhook-events/schema";

export function RetentionForm({ retention }: { retention: Retention }) {
  const router = useRouter();
  const form = useForm({ resolver: zodResolver(retentionSchema), defaultValues: retention });
  const update = useMutation({
    mutationFn: updateRetention,
    onSuccess: (_, values) => {
      form.reset(values);
      toast.success("Saved. It holds from the next night on.");
      router.refresh();
    },
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;
  return (
    <form
      method="post"
      noValidate
      onSubmit={form.handleSubmit((values) => update.mutate(values))}
      className="mt-8"
    >
      <Card>
        <CardHeader>
          <CardTitle>How long events are kept</CardTitle>
          <CardDescription>
            They are the record of what WhatsApp reported, and contain phone numbers and what people wrote.
            Contacts, messages and the numbers of campaigns stay when they are deleted.
          </CardDescription>
        </CardHeader>
        <CardContent className="grid max-w-xl gap-5">
          {errors.root && (
            <Alert tone="danger" announce>
              {errors.root.message}
            </Alert>
          )}
          <Field
            label="Days"
            hint="7 to 365. Older events are deleted every night and cannot be brought back."
            error={errors.webhookEventDays?.message}
          >
            <Input
              type="number"
              inputMode="numeric"
              min={7}
              max={365}
              className="w-32"
              {...form.register("webhookEventDays", { valueAsNumber: true })}
            />
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
