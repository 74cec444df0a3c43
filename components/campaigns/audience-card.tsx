"use client";

import Link from "next/link";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { AudienceCount } from "@/components/campaigns/audience-count";
import { FilterEditor } from "@/components/contacts/filter-editor";
import { useNames } from "@/components/contacts/use-names";
import { Alert } from "@/components/ui/alert";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { TagInput } from "@/components/ui/tag-input";
import type { CampaignForm } from "@/lib/campaigns/form";
import type { Names } from "@/lib/contact-filters/words";

export type TagCount = { tag: string; count: number };
export type SegmentChoice = { id: string; name: string; words: string[] };

/** Tags are told apart by case, people who type them seldom mean it. */
const spellAsKnown = (tags: TagCount[], chosen: string[]) =>
  chosen.map((tag) => {
    const known = tags.find((each) => each.tag.toLowerCase() === tag.toLowerCase());
    return tags.some((each) => each.tag === tag) ? tag : (known?.tag ?? tag);
  });

type Props = { tags: TagCount[]; segments: SegmentChoice[]; names: Names };

export function AudienceCard({ tags, segments, names }: Props) {
  const { register, formState } = useFormContext<CampaignForm>();
  const scope = useWatch<CampaignForm, "audience.scope">({ name: "audience.scope" });
  const errors = formState.errors.audience;
  return (
    <Card>
      <CardHeader>
        <CardTitle>3. Who gets it</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-5">
        <RadioGroup legend="Who gets it" hideLegend error={errors?.message} className="sm:grid-cols-2">
          <RadioItem
            value="everybody"
            label="Everybody who opted in"
            description="All people who agreed to hear from you."
            {...register("audience.scope")}
          />
          <RadioItem
            value="tags"
            label="People with certain tags"
            description="Of those who agreed, only the ones you tagged."
            {...register("audience.scope")}
          />
          <RadioItem
            value="segment"
            label="A segment"
            description="Of those who agreed, only the ones who belong to a segment you saved."
            {...register("audience.scope")}
          />
          <RadioItem
            value="filter"
            label="People who meet conditions"
            description="Of those who agreed, only the ones who meet all conditions you add."
            {...register("audience.scope")}
          />
        </RadioGroup>
        {scope === "tags" && (
          <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_11rem]">
            <Tags
              name="audience.tags"
              label="Tags"
              tags={tags}
              error={errors?.tags?.message}
              placeholder="newsletter"
            />
            <Field label="Which of them">
              <Select {...register("audience.match")}>
                <option value="any">Any of them</option>
                <option value="all">All of them</option>
              </Select>
            </Field>
          </div>
        )}
        {scope === "segment" && <Segment segments={segments} />}
        {scope === "filter" && <Conditions names={names} />}
        <Tags
          name="audience.excludeTags"
          label="Leave out people tagged"
          tags={tags}
          error={errors?.excludeTags?.message}
          optional
        />
        <AudienceCount />
        <p className="text-muted-foreground text-xs">
          People who opted out or whom you blocked never get it, also if they do so until the last moment.
        </p>
      </CardContent>
    </Card>
  );
}

function Segment({ segments }: { segments: SegmentChoice[] }) {
  const { register, formState } = useFormContext<CampaignForm>();
  const id = useWatch<CampaignForm, "audience.segmentId">({ name: "audience.segmentId" });
  const chosen = segments.find((segment) => segment.id === id);
  if (segments.length === 0) {
    return (
      <Alert tone="info">
        You have no segments yet. Save conditions as a segment in{" "}
        <Link href="/contacts/segments" target="_blank" className="underline underline-offset-4">
          your contacts
        </Link>
        , or choose “People who meet conditions”.
      </Alert>
    );
  }
  return (
    <Field
      label="Segment"
      error={formState.errors.audience?.segmentId?.message}
      hint={chosen && `${chosen.words.join(", ")}. Who belongs to it is looked up when sending starts.`}
      className="max-w-md"
    >
      <Select {...register("audience.segmentId")}>
        <option value="" disabled>
          Choose a segment
        </option>
        {segments.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function Conditions({ names }: { names: Names }) {
  const { control, formState } = useFormContext<CampaignForm>();
  const known = useNames(names);
  const error = formState.errors.audience?.filter?.message;
  return (
    <div className="grid gap-2">
      <p className="font-medium text-sm">Conditions</p>
      <Controller
        control={control}
        name="audience.filter"
        render={({ field: { value, onChange } }) => (
          <FilterEditor filter={value} names={known} onChange={onChange} />
        )}
      />
      {error && (
        <p role="alert" className="text-danger text-xs">
          {error}
        </p>
      )}
    </div>
  );
}

type TagsProps = {
  name: "audience.tags" | "audience.excludeTags";
  label: string;
  tags: TagCount[];
  error: string | undefined;
  optional?: boolean;
  placeholder?: string;
};

function Tags({ name, label, tags, error, optional, placeholder }: TagsProps) {
  const { control } = useFormContext<CampaignForm>();
  return (
    <Controller
      control={control}
      name={name}
      render={({ field: { value, onChange, onBlur } }) => {
        const unknown = value.filter((tag) => !tags.some((known) => known.tag === tag));
        return (
          <Field
            label={label}
            optional={optional}
            error={error}
            hint={unknown.length > 0 ? `No contact is tagged ${unknown.join(", ")}.` : undefined}
          >
            <TagInput
              value={value}
              onChange={(next) => onChange(spellAsKnown(tags, next))}
              onBlur={onBlur}
              suggestions={tags.map(({ tag }) => tag)}
              {...(placeholder && { placeholder })}
            />
          </Field>
        );
      }}
    />
  );
}
