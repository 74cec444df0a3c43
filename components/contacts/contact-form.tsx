"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { Controller, FormProvider, useForm } from "react-hook-form";
import { AgreementFields } from "@/components/contacts/agreement-fields";
import { CustomFields } from "@/components/contacts/custom-fields";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardFooter } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { TagInput } from "@/components/ui/tag-input";
import { toast } from "@/components/ui/toaster";
import { ApiError, queryString } from "@/lib/api-client";
import { createContact, updateContact } from "@/lib/contacts/queries";
import { contactFormSchema, type ContactForm as Values } from "@/lib/contacts/schema";
import { showErrors } from "@/lib/form-errors";

type Stored = {
  id: string;
  phone: string | null;
  name: string | null;
  email: string | null;
  tags: string[];
  metadata: Record<string, string>;
};

type Props = {
  /** Left out, the form adds somebody. */
  contact?: Stored;
  country: string;
  tags: string[];
  customFields: string[];
};

async function save(
  contact: Stored | undefined,
  { fields, agreed, wording, agreedOn, phone, ...rest }: Values,
) {
  const values = { ...rest, metadata: Object.fromEntries(fields.map(({ key, value }) => [key, value])) };
  if (!contact) return createContact({ ...values, phone, consent: agreed ? { wording, agreedOn } : null });
  await updateContact({ ...values, id: contact.id, ...((phone || contact.phone) && { phone }) });
  return { id: contact.id, isSuppressed: false };
}

export function ContactForm({ contact, country, tags, customFields }: Props) {
  const router = useRouter();
  const form = useForm({
    resolver: zodResolver(contactFormSchema),
    defaultValues: {
      phone: contact?.phone ?? "",
      name: contact?.name ?? "",
      email: contact?.email ?? "",
      tags: contact?.tags ?? [],
      fields: Object.entries(contact?.metadata ?? {}).map(([key, value]) => ({ key, value })),
      agreed: false,
      wording: "",
      agreedOn: "",
    },
  });
  const saving = useMutation({
    mutationFn: (values: Values) => save(contact, values),
    onSuccess: ({ id, isSuppressed }) => {
      if (isSuppressed) toast.warning("Added as opted out: this number had asked not to be contacted.");
      else toast.success(contact ? "Saved" : "Added");
      router.push(`/contacts/${id}`);
      router.refresh();
    },
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;
  const isTaken = saving.error instanceof ApiError && saving.error.code === "CONFLICT" && errors.phone;

  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={form.handleSubmit((values) => saving.mutate(values))}>
        <Card className="max-w-2xl">
          <CardContent className="grid gap-5">
            {errors.root && (
              <Alert tone="danger" announce>
                {errors.root.message}
              </Alert>
            )}
            <Field
              label="Phone number"
              hint={
                isTaken ? (
                  <Link
                    href={{ pathname: "/contacts", query: queryString({ search: form.getValues("phone") }) }}
                    className="text-primary underline underline-offset-4"
                  >
                    Find the contact with this number
                  </Link>
                ) : (
                  `With + and the country code; without, it is taken for a number in ${country}.`
                )
              }
              error={errors.phone?.message}
            >
              <Input
                type="tel"
                autoComplete="off"
                placeholder="+91 98123 45678"
                {...form.register("phone")}
              />
            </Field>
            <Field label="Name" optional error={errors.name?.message}>
              <Input autoComplete="off" {...form.register("name")} />
            </Field>
            <Field label="E-mail" optional error={errors.email?.message}>
              <Input type="email" autoComplete="off" {...form.register("email")} />
            </Field>
            <Field
              label="Tags"
              optional
              hint="Enter adds a tag. Campaigns choose people by tags."
              error={errors.tags?.message}
            >
              <Controller
                name="tags"
                control={form.control}
                render={({ field: { value, onChange, onBlur } }) => (
                  <TagInput value={value} onChange={onChange} onBlur={onBlur} suggestions={tags} />
                )}
              />
            </Field>
            <CustomFields suggestions={customFields} />
            {!contact && (
              <fieldset className="grid gap-4 border-t pt-5">
                <legend className="sr-only">Consent</legend>
                <Field
                  inline
                  label="This person agreed to receive messages"
                  hint="Without it they are stored, but no campaign reaches them."
                >
                  <Checkbox {...form.register("agreed")} />
                </Field>
                {form.watch("agreed") && (
                  <AgreementFields
                    wording={form.register("wording")}
                    agreedOn={form.register("agreedOn")}
                    errors={errors}
                  />
                )}
              </fieldset>
            )}
          </CardContent>
          <CardFooter>
            <Button type="submit" loading={saving.isPending}>
              {contact ? "Save" : "Add contact"}
            </Button>
            <Button asChild variant="ghost">
              <Link href={contact ? `/contacts/${contact.id}` : "/contacts"}>Cancel</Link>
            </Button>
          </CardFooter>
        </Card>
      </form>
    </FormProvider>
  );
}
