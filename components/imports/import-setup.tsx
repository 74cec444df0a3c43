"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { ColumnList } from "@/components/imports/column-list";
import { ConsentQuestion } from "@/components/imports/consent-question";
import { RowPreview } from "@/components/imports/row-preview";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { TagInput } from "@/components/ui/tag-input";
import { fieldKeySchema } from "@/lib/contacts/schema";
import { showErrors } from "@/lib/form-errors";
import { discardImport, type ImportPreview, startImport } from "@/lib/imports/queries";
import { importChoicesSchema, type Mapping, type StartImport } from "@/lib/imports/schema";
import { type Target, toMapping, toTargets } from "@/lib/imports/targets";

type Props = { preview: ImportPreview; countries: { value: string; label: string }[]; tags: string[] };

const number = new Intl.NumberFormat("en");

/** A name that cannot be one, or that two columns share. */
function findKeyErrors(targets: Target[]): (string | undefined)[] {
  const custom = targets.map(({ field, key }) => (field === "custom" ? key.trim() : null));
  return custom.map((key, index) => {
    if (key === null) return undefined;
    if (custom.indexOf(key) < index) return "Another column has this name";
    return fieldKeySchema.safeParse(key).error?.issues[0]?.message;
  });
}

export function ImportSetup({ preview, countries, tags }: Props) {
  const { id, columns, rows, totalRows, mapping: guess } = preview;
  const router = useRouter();
  const [targets, setTargets] = useState(() => toTargets(columns, guess));
  const form = useForm({
    resolver: zodResolver(importChoicesSchema),
    defaultValues: {
      defaultCountry: preview.defaultCountry,
      tags: [] as string[],
      agreed: false,
      consentStatement: "",
      existing: preview.existing,
      duplicates: preview.duplicates,
    },
  });
  const starting = useMutation({
    mutationFn: (values: StartImport) => startImport({ ...values, id }),
    onSuccess: () => router.replace(`/contacts/imports/${id}`),
    onError: (error) => showErrors(form, error),
  });
  const discarding = useMutation({
    mutationFn: () => discardImport(id),
    onSuccess: () => router.replace("/contacts/import"),
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;
  const [defaultCountry, chosenTags, agreed] = form.watch(["defaultCountry", "tags", "agreed"]);
  const mapping = toMapping(columns, targets);
  const keyErrors = findKeyErrors(targets);
  const isReady = mapping !== null && keyErrors.every((error) => error === undefined);
  const start = (mapping: Mapping) => form.handleSubmit((values) => starting.mutate({ ...values, mapping }));

  return (
    <form
      noValidate
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void start(mapping)(event);
      }}
    >
      {preview.warning && (
        <Alert tone="warning" title="There is not enough room for everybody">
          {preview.warning}
        </Alert>
      )}
      <Card>
        <CardHeader>
          <CardTitle>What is in the columns?</CardTitle>
          <CardDescription>
            {preview.isRemembered
              ? "As you chose it for an earlier file with such columns. Change what is wrong."
              : "We filled in what we recognised. Change what is wrong."}
          </CardDescription>
        </CardHeader>
        <CardContent className="grid gap-4">
          {!mapping && (
            <Alert tone="warning" title="Which column holds the phone numbers?" announce>
              None of them is chosen. Choose “Phone number” for one of the columns: without it nobody can be
              imported.
            </Alert>
          )}
          <ColumnList
            columns={columns}
            rows={rows}
            targets={targets}
            onChange={setTargets}
            errors={keyErrors}
          />
        </CardContent>
      </Card>

      <Card>
        <CardHeader>
          <CardTitle>How it will be stored</CardTitle>
        </CardHeader>
        <CardContent className="grid grid-cols-1 gap-5">
          <div className="grid gap-5 sm:grid-cols-2">
            <Field label="Numbers without a country code belong to" error={errors.defaultCountry?.message}>
              <Select {...form.register("defaultCountry")}>
                {countries.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label="Tags for everybody in this file" optional error={errors.tags?.message}>
              <Controller
                name="tags"
                control={form.control}
                render={({ field: { value, onChange, onBlur } }) => (
                  <TagInput value={value ?? []} onChange={onChange} onBlur={onBlur} suggestions={tags} />
                )}
              />
            </Field>
          </div>
          {mapping && (
            <RowPreview
              rows={rows}
              options={{
                columns,
                mapping,
                defaultCountry,
                tags: chosenTags ?? [],
                agreed: agreed ?? false,
              }}
            />
          )}
          <RadioGroup legend="People who are contacts already" className="sm:grid-cols-3">
            <RadioItem
              value="fill"
              label="Fill the gaps"
              description="Adds what is missing, and tags."
              {...form.register("existing")}
            />
            <RadioItem
              value="overwrite"
              label="Take the file's word"
              description="Replaces what differs. Empty cells erase nothing."
              {...form.register("existing")}
            />
            <RadioItem
              value="skip"
              label="Leave them alone"
              description="Only new people are added."
              {...form.register("existing")}
            />
          </RadioGroup>
          <RadioGroup legend="Several rows with the same number" className="sm:grid-cols-3">
            <RadioItem
              value="first"
              label="The first row counts"
              description="The others are listed as duplicates."
              {...form.register("duplicates")}
            />
            <RadioItem
              value="last"
              label="The last row counts"
              description="For files that grow at the end."
              {...form.register("duplicates")}
            />
          </RadioGroup>
        </CardContent>
      </Card>

      <ConsentQuestion
        agreed={form.register("agreed")}
        consentStatement={form.register("consentStatement")}
        isAgreed={agreed ?? false}
        hasColumn={Boolean(mapping?.consent)}
        error={errors.consentStatement?.message}
      />

      {errors.root && (
        <Alert tone="danger" announce>
          {errors.root.message}
        </Alert>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          type="submit"
          size="lg"
          disabled={!isReady}
          loading={starting.isPending || starting.isSuccess}
        >
          Import {number.format(totalRows)} {totalRows === 1 ? "row" : "rows"}
        </Button>
        <Button
          type="button"
          variant="ghost"
          size="lg"
          loading={discarding.isPending}
          disabled={starting.isPending || starting.isSuccess}
          onClick={() => discarding.mutate()}
        >
          Discard this file
        </Button>
      </div>
    </form>
  );
}
