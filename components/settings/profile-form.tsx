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
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toaster";
import { showErrors } from "@/lib/form-errors";
import type { Choice, ChoiceGroup } from "@/lib/users/places";
import { updateProfile } from "@/lib/users/queries";
import { type Profile, profileSchema } from "@/lib/users/schema";

type Props = { profile: Profile; timeZones: ChoiceGroup[]; countries: Choice[] };

export function ProfileForm({ profile, timeZones, countries }: Props) {
  const router = useRouter();
  const form = useForm({ resolver: zodResolver(profileSchema), defaultValues: profile });
  const update = useMutation({
    mutationFn: updateProfile,
    onSuccess: (_, values) => {
      form.reset(values);
      toast.success("Your business is saved");
      router.refresh();
    },
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;

  return (
    <form method="post" noValidate onSubmit={form.handleSubmit((values) => update.mutate(values))}>
      <Card>
        <CardContent className="grid max-w-xl gap-5">
          {errors.root && (
            <Alert tone="danger" announce>
              {errors.root.message}
            </Alert>
          )}
          <Field label="Business name" error={errors.businessName?.message}>
            <Input autoComplete="organization" {...form.register("businessName")} />
          </Field>
          <Field
            label="Time zone"
            hint="All times in Campanile are shown and scheduled in this zone. Type the first letters of a city."
            error={errors.timeZone?.message}
          >
            <Select {...form.register("timeZone")}>
              {timeZones.map((group) => (
                <optgroup key={group.label} label={group.label}>
                  {group.choices.map(({ value, label }) => (
                    <option key={value} value={value}>
                      {label}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Select>
          </Field>
          <Field
            label="Default country"
            hint="Phone numbers without a country code are read as numbers of this country."
            error={errors.defaultCountry?.message}
          >
            <Select {...form.register("defaultCountry")}>
              {countries.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
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
