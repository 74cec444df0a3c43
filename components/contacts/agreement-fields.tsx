import type { ComponentProps } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";

type Message = { message?: string | undefined } | undefined;
type Props = {
  /** What `register` returns for the two fields. */
  wording: ComponentProps<"textarea">;
  agreedOn: ComponentProps<"input">;
  errors: { wording?: Message; agreedOn?: Message };
};

/** How and when somebody agreed: what a regulator asks for first. */
export function AgreementFields({ wording, agreedOn, errors }: Props) {
  return (
    <>
      <Field
        label="How did this person agree?"
        hint="Goes into the consent history, for example: signed the list at the counter, ticked the box on our website."
        error={errors.wording?.message}
      >
        <Textarea rows={2} maxLength={1000} {...wording} />
      </Field>
      <Field
        label="On which day"
        optional
        hint="Today if you leave it empty."
        error={errors.agreedOn?.message}
        className="max-w-52"
      >
        <Input type="date" {...agreedOn} />
      </Field>
    </>
  );
}
