"use client";

import { useFormContext } from "react-hook-form";
import { useProblems } from "@/components/templates/use-problems";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { type TemplateForm, toName } from "@/lib/templates/form";
import { languages } from "@/lib/templates/languages";

/** What WhatsApp calls it, in which language it is, and what it is for. */
export function BasicsCard({ isKnownAtMeta }: { isKnownAtMeta: boolean }) {
  const { register, setValue } = useFormContext<TemplateForm>();
  const { problemOf } = useProblems();
  const fixed = isKnownAtMeta ? "WhatsApp knows the template by it, so it is fixed." : undefined;
  const suggest = ({ target }: { target: { value: string } }) => {
    const name = toName(target.value);
    if (name !== target.value) setValue("name", name, { shouldDirty: true });
  };
  return (
    <Card>
      <CardHeader>
        <CardTitle>Basics</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-5">
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            label="Name"
            hint={fixed ?? "Only you see it. Small letters, digits and underscores."}
            error={problemOf("name")}
          >
            <Input
              autoComplete="off"
              placeholder="spring_sale"
              readOnly={isKnownAtMeta}
              {...register("name", { onChange: suggest })}
            />
          </Field>
          <Field label="Language" hint={fixed ?? "The language you write in."} error={problemOf("language")}>
            {isKnownAtMeta ? (
              <Input readOnly {...register("language")} />
            ) : (
              <Select {...register("language")}>
                {languages.map(({ code, name }) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <RadioGroup legend="Category" error={problemOf("category")} className="sm:grid-cols-2">
          <RadioItem
            value="marketing"
            label="Marketing"
            description="Offers, news, invitations: anything that promotes. When in doubt, this one."
            {...register("category")}
          />
          <RadioItem
            value="utility"
            label="Utility"
            description="About something the person asked for: an order, a booking, a bill. No promotion in it."
            {...register("category")}
          />
        </RadioGroup>
      </CardContent>
    </Card>
  );
}
