"use client";

import { useFormContext } from "react-hook-form";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { CampaignForm } from "@/lib/campaigns/form";

export function NameCard() {
  const { register, formState } = useFormContext<CampaignForm>();
  return (
    <Card>
      <CardHeader>
        <CardTitle>1. Name</CardTitle>
      </CardHeader>
      <CardContent>
        <Field
          label="Name of the campaign"
          hint="Only you see it."
          error={formState.errors.name?.message}
          className="max-w-md"
        >
          <Input maxLength={120} autoComplete="off" placeholder="Spring sale" {...register("name")} />
        </Field>
      </CardContent>
    </Card>
  );
}
