"use client";

import { useFormContext } from "react-hook-form";
import { TextField } from "@/components/templates/text-field";
import { useProblems, useTemplateForm } from "@/components/templates/use-problems";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { type TemplateForm, toComponents } from "@/lib/templates/form";
import { variablesOf } from "@/lib/templates/variables";

export function ContentCard() {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Message</CardTitle>
        <CardDescription>
          A variable such as {"{{1}}"} is a place that a campaign fills for each person, for example with the
          name.
        </CardDescription>
      </CardHeader>
      <CardContent className="grid gap-5">
        <TextField name="header" label="Header" optional hint="A bold line above the message." />
        <TextField
          name="body"
          label="Message"
          hint="*bold*, _italic_ and ~strikethrough~ work as in WhatsApp."
          placeholder="Hi {{1}}, our spring sale starts on Friday: everything is 20% off until Sunday."
        />
        <TextField
          name="footer"
          label="Footer"
          optional
          hint="A small line below the message."
          placeholder="Reply STOP to opt out"
        />
        <Examples />
      </CardContent>
    </Card>
  );
}

/** One line per variable of header and message: WhatsApp's reviewers want to see what a person may read. */
function Examples() {
  const { register } = useFormContext<TemplateForm>();
  const { problemOf } = useProblems();
  const variables = variablesOf(toComponents(useTemplateForm())).filter(
    ({ component }) => component !== "button",
  );
  if (variables.length === 0) return null;
  return (
    <fieldset className="grid gap-3 rounded-md border bg-background/60 p-4">
      <legend className="px-1 font-medium text-sm">Examples</legend>
      <p className="text-muted-foreground text-xs">
        WhatsApp's reviewers read the message with these. Nobody else will; campaigns fill in real values.
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        {variables.map(({ component, key }) => {
          const field = `examples.${component}_${key}` as const;
          return (
            <Field
              key={field}
              label={`{{${key}}} in the ${component === "body" ? "message" : "header"}`}
              error={problemOf(field)}
            >
              <Input autoComplete="off" placeholder={key === "1" ? "Asha" : ""} {...register(field)} />
            </Field>
          );
        })}
      </div>
    </fieldset>
  );
}
