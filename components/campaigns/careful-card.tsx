"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { useAudiencePreview } from "@/components/campaigns/use-audience-preview";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { canarySize, MIN_AUDIENCE_FOR_CANARY } from "@/lib/brakes/canary";
import type { CampaignForm } from "@/lib/campaigns/form";
import { formatPeople } from "@/lib/campaigns/numbers";

/** Sending to a few people first, and trying again whom WhatsApp held back. */
export function CarefulCard() {
  const { register, formState } = useFormContext<CampaignForm>();
  const form = useWatch<CampaignForm>() as CampaignForm;
  const recipients = useAudiencePreview(form).data?.recipients;
  const { isCanary, percent } = form.careful;
  const errors = formState.errors.careful;
  return (
    <Card>
      <CardHeader>
        <CardTitle>4. Careful sending</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-5">
        <Field
          inline
          label="Send it to a few people first"
          hint="The others get it later, by themselves, if all went well. If too many messages fail, the campaign pauses and tells you why."
        >
          <Checkbox {...register("careful.isCanary")} />
        </Field>
        {isCanary && (
          <div className="grid gap-4 pl-6.5 sm:grid-cols-2">
            <Field
              label="Share of the people (%)"
              hint={sizeInWords(recipients, percent)}
              error={errors?.percent?.message}
            >
              <Input
                type="number"
                inputMode="numeric"
                min={1}
                max={50}
                {...register("careful.percent", { valueAsNumber: true })}
              />
            </Field>
            <Field
              label="Then wait (minutes)"
              hint="Time for deliveries and complaints to show."
              error={errors?.minutes?.message}
            >
              <Input
                type="number"
                inputMode="numeric"
                min={5}
                max={1440}
                {...register("careful.minutes", { valueAsNumber: true })}
              />
            </Field>
          </div>
        )}
        <Field
          inline
          label="Try again whom WhatsApp held back"
          hint="WhatsApp limits how many marketing messages a person gets in a while. They are tried again after one, two and four days at the earliest."
        >
          <Checkbox {...register("careful.retriesHeldBack")} />
        </Field>
      </CardContent>
    </Card>
  );
}

function sizeInWords(recipients: number | undefined, percent: number): string {
  if (recipients !== undefined && recipients < MIN_AUDIENCE_FOR_CANARY)
    return `With fewer than ${MIN_AUDIENCE_FOR_CANARY} people it goes to all of them at once.`;
  const size = recipients !== undefined && percent >= 1 && percent <= 50 && canarySize(recipients, percent);
  return size ? `${formatPeople(size)} now. At least 20.` : "At least 20 people.";
}
