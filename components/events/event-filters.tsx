import { Search } from "lucide-react";
import Form from "next/form";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { EventQuery } from "@/lib/event-console/schema";
import { eventResults } from "@/lib/event-console/schema";
import { kindOf, kindWords, resultWords } from "@/lib/event-console/words";

/** A plain form: what it asks for is in the address, so that it can be shared and reloaded. */
export function EventFilters({ query }: { query: EventQuery }) {
  const { kind, result, from, to, search } = query;
  const kinds = [...new Set([...Object.keys(kindWords), ...(kind ? [kind] : [])])];
  const isFiltered = Object.values(query).some(Boolean);
  return (
    <Form
      key={JSON.stringify(query)}
      action="/settings/events"
      role="search"
      aria-label="Webhook events"
      className="mb-4 grid grid-cols-2 items-end gap-3 lg:grid-cols-[minmax(10rem,1fr)_repeat(4,minmax(0,10rem))_auto]"
    >
      <Field label="Text in the event" className="col-span-2 lg:col-span-1">
        <Input
          type="search"
          name="search"
          defaultValue={search}
          maxLength={200}
          placeholder="Phone, message id, template"
        />
      </Field>
      <Field label="Kind">
        <Select name="kind" defaultValue={kind ?? ""}>
          <option value="">Any kind</option>
          {kinds.map((each) => (
            <option key={each} value={each}>
              {kindOf(each)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Result">
        <Select name="result" defaultValue={result ?? ""}>
          <option value="">Any result</option>
          {eventResults.map((each) => (
            <option key={each} value={each}>
              {resultWords[each]}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="From">
        <Input type="date" name="from" defaultValue={from} />
      </Field>
      <Field label="To">
        <Input type="date" name="to" defaultValue={to} />
      </Field>
      <div className="col-span-2 flex gap-2 lg:col-span-1">
        <Button type="submit" variant="secondary">
          <Search aria-hidden />
          Show
        </Button>
        {isFiltered && (
          <Button asChild variant="ghost">
            <Link href="/settings/events">Clear</Link>
          </Button>
        )}
      </div>
    </Form>
  );
}
