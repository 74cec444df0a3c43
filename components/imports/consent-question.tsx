import type { ComponentProps } from "react";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";

type Props = {
  /** What `register` returns for the two fields. */
  agreed: ComponentProps<"input">;
  consentStatement: ComponentProps<"textarea">;
  isAgreed: boolean;
  /** The file itself says who agreed. */
  hasColumn: boolean;
  error: string | undefined;
};

export function ConsentQuestion({ agreed, consentStatement, isAgreed, hasColumn, error }: Props) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Did these people agree?</CardTitle>
        <CardDescription>
          WhatsApp, and in most countries the law, allow campaigns only to people who agreed to get them.
          Whoever opted out before stays opted out, whatever the file says.
        </CardDescription>
      </CardHeader>
      <CardContent className="grid max-w-2xl gap-4">
        <Field
          inline
          label="These people agreed to receive messages"
          hint={
            isAgreed && hasColumn
              ? "Only rows whose column says yes are opted in."
              : "Without it they are stored, but no campaign reaches them."
          }
        >
          <Checkbox {...agreed} />
        </Field>
        {isAgreed && (
          <Field
            label="How did these people agree to hear from you?"
            hint="Goes into everybody's consent history, for example: ticked the box at checkout in our shop since May 2025."
            error={error}
          >
            <Textarea rows={2} maxLength={1000} {...consentStatement} />
          </Field>
        )}
      </CardContent>
    </Card>
  );
}
