"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { FilterEditor } from "@/components/contacts/filter-editor";
import { useNames } from "@/components/contacts/use-names";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardFooter } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import { ApiError } from "@/lib/api-client";
import { contactsWords, filterCountQuery } from "@/lib/contact-filters/queries";
import type { Filter } from "@/lib/contact-filters/schema";
import type { Names } from "@/lib/contact-filters/words";
import { createSegment, updateSegment } from "@/lib/segments/queries";
import { segmentSchema } from "@/lib/segments/schema";

type Props = { segment?: { id: string; name: string; filter: Filter }; names: Names };

export function SegmentForm({ segment, names }: Props) {
  const router = useRouter();
  const [name, setName] = useState(segment?.name ?? "");
  const [filter, setFilter] = useState<Filter>(segment?.filter ?? []);
  const [errors, setErrors] = useState<Record<string, string[] | undefined>>({});
  const { data: count, error: countError } = useQuery({
    ...filterCountQuery(filter),
    enabled: filter.length > 0,
  });
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () => {
      if (segment) await updateSegment(segment.id, { name, filter });
      else await createSegment({ name, filter });
    },
    onSuccess: () => {
      toast.success(`Saved the segment “${name.trim()}”`);
      router.push("/contacts/segments");
      router.refresh();
    },
    onError: (failure) => setErrors(failure instanceof ApiError ? failure.fields : {}),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = segmentSchema.safeParse({ name, filter });
    const issues = parsed.error?.issues ?? [];
    setErrors(Object.fromEntries(issues.map(({ path, message }) => [String(path[0]), [message]])));
    if (parsed.success) mutate();
  };
  return (
    <Card className="max-w-3xl">
      <form onSubmit={submit} noValidate>
        <CardContent className="grid gap-5">
          <Field label="Name" error={errors.name?.[0]} className="max-w-md">
            <Input value={name} maxLength={80} onChange={({ target }) => setName(target.value)} />
          </Field>
          <div className="grid gap-2">
            <p className="font-medium text-sm">Who belongs to it</p>
            <FilterEditor filter={filter} names={useNames(names)} onChange={setFilter} />
            {errors.filter && (
              <p role="alert" className="text-danger text-xs">
                {errors.filter[0]}
              </p>
            )}
            <p role="status" className="text-muted-foreground text-sm">
              {filter.length > 0 && count && `${contactsWords(count)} at present, whatever they agreed to.`}
              {filter.length > 0 && !count && countError && "They could not be counted."}
            </p>
          </div>
          {error && Object.keys(errors).length === 0 && (
            <Alert tone="danger" announce>
              {error.message}
            </Alert>
          )}
        </CardContent>
        <CardFooter>
          <Button type="submit" loading={isPending}>
            Save segment
          </Button>
        </CardFooter>
      </form>
    </Card>
  );
}
