"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useForm, useWatch } from "react-hook-form";
import { TryWords } from "@/components/settings/try-words";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardFooter, CardHeader, CardTitle } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { toast } from "@/components/ui/toaster";
import { updateConsentSettings } from "@/lib/consent/queries";
import { type ConsentSettings, consentSettingsSchema } from "@/lib/consent/schema";
import { builtInWords, defaultReply } from "@/lib/consent/words";
import { showErrors } from "@/lib/form-errors";

const toText = (words: string[]) => words.join("\n");
const toForm = ({ optOutWords, optInWords, ...answer }: ConsentSettings) => ({
  ...answer,
  optOutWords: toText(optOutWords),
  optInWords: toText(optInWords),
});
const toWords = (text: string | string[]) =>
  (Array.isArray(text) ? text : text.split("\n")).filter((line) => line.trim() !== "");

/** By which words people opt out and in again, and whether they are answered. */
export function ConsentWordsForm({ settings }: { settings: ConsentSettings }) {
  const router = useRouter();
  const form = useForm({ resolver: zodResolver(consentSettingsSchema), defaultValues: toForm(settings) });
  const update = useMutation({
    mutationFn: updateConsentSettings,
    onSuccess: (_, saved) => {
      form.reset(toForm(saved));
      toast.success("Saved. It holds from the next message on.");
      router.refresh();
    },
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;
  const values = useWatch({ control: form.control });
  const optOutWords = toWords(values.optOutWords ?? "");
  const optInWords = toWords(values.optInWords ?? "");
  const reset = (name: "optOutWords" | "optInWords", words: string[]) =>
    form.setValue(name, toText(words), { shouldDirty: true, shouldValidate: form.formState.isSubmitted });

  return (
    <form method="post" noValidate onSubmit={form.handleSubmit((input) => update.mutate(input))}>
      <Card>
        <CardHeader>
          <CardTitle>Words that people write</CardTitle>
          <CardDescription>
            A message counts when it is such a word and nothing else. Case, accents, punctuation and emoji
            make no difference: “Stop!” opts out, “please don't stop” does not. A tapped button counts by its
            label.
          </CardDescription>
        </CardHeader>
        <CardContent className="grid gap-6">
          {errors.root && (
            <Alert tone="danger" announce>
              {errors.root.message}
            </Alert>
          )}
          <div className="grid gap-6 lg:grid-cols-2">
            <WordList
              label="Opts out"
              hint="The person gets no campaign any more, whatever was agreed before. One word or phrase per line."
              error={messageOf(errors.optOutWords)}
              register={form.register("optOutWords")}
              count={optOutWords.length}
              onReset={() => reset("optOutWords", builtInWords.optOut)}
            />
            <WordList
              label="Opts in again"
              hint="Brings back who has opted out. Of somebody whom you never asked it is no agreement. One per line."
              error={messageOf(errors.optInWords)}
              register={form.register("optInWords")}
              count={optInWords.length}
              onReset={() => reset("optInWords", builtInWords.optIn)}
            />
          </div>
          <TryWords optOutWords={optOutWords} optInWords={optInWords} />
          <fieldset className="grid max-w-xl gap-4">
            <legend className="mb-2 font-medium text-sm">Answer</legend>
            <Field
              inline
              label="Confirm an opt-out"
              hint="Once for each opt-out that is written or tapped, as an ordinary message. WhatsApp may charge for it as for any answer."
            >
              <Checkbox {...form.register("confirmsOptOut")} />
            </Field>
            {values.confirmsOptOut && (
              <Field
                label="What it says"
                optional
                hint="Left empty, it is the text that is shown in grey."
                error={errors.optOutReply?.message}
              >
                <Textarea
                  rows={3}
                  placeholder={defaultReply(isBuiltIn(optInWords) ? [] : optInWords)}
                  {...form.register("optOutReply")}
                />
              </Field>
            )}
          </fieldset>
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

const isBuiltIn = (optInWords: string[]) => toText(optInWords) === toText(builtInWords.optIn);

/** Of a list, or of one of its words. */
function messageOf(
  error: { message?: string | undefined } | ({ message?: string | undefined } | undefined)[] | undefined,
) {
  if (!error) return undefined;
  return Array.isArray(error) ? error.find((each) => each?.message)?.message : error.message;
}

type WordListProps = {
  label: string;
  hint: string;
  error: string | undefined;
  register: React.ComponentProps<"textarea">;
  count: number;
  onReset: () => void;
};

function WordList({ label, hint, error, register, count, onReset }: WordListProps) {
  return (
    <div className="grid min-w-0 content-start gap-2">
      <Field label={label} hint={hint} error={error}>
        <Textarea rows={12} spellCheck={false} dir="auto" {...register} />
      </Field>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-muted-foreground text-xs">
          {count} {count === 1 ? "word" : "words"}
        </span>
        <Button type="button" variant="secondary" size="sm" onClick={onReset}>
          Reset to the built-in words
        </Button>
      </div>
    </div>
  );
}
