import { Search } from "lucide-react";
import type { Route } from "next";
import Form from "next/form";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { ContactListQuery } from "@/lib/contacts/schema";

type Props = { query: ContactListQuery; tags: { tag: string; count: number }[]; clearHref: Route };

/** A plain form: what it asks for is in the address, so a result can be bookmarked and shared. */
export function ContactFilters({ query, tags, clearHref }: Props) {
  const { search, tag, consent, blocked, import: importId } = query;
  const kept = { consent, blocked: blocked?.toString(), import: importId };
  return (
    <Form action="/contacts" role="search" aria-label="Contacts" className="mb-4 flex flex-wrap gap-2">
      {Object.entries(kept).map(
        ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <div className="relative min-w-48 flex-1 sm:max-w-sm">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted-foreground"
        />
        <Input
          key={search}
          type="search"
          name="search"
          defaultValue={search}
          maxLength={100}
          placeholder="Name, phone or e-mail"
          aria-label="Search by name, phone or e-mail"
          className="pl-9"
        />
      </div>
      {tags.length > 0 && (
        <Select key={tag} name="tag" defaultValue={tag ?? ""} aria-label="Tag" className="w-44">
          <option value="">Any tag</option>
          {tags.map(({ tag: name, count }) => (
            <option key={name} value={name}>
              {name} ({count})
            </option>
          ))}
        </Select>
      )}
      <Button type="submit" variant="secondary">
        Search
      </Button>
      {(search || tag || importId) && (
        <Button asChild variant="ghost">
          <Link href={clearHref}>Clear</Link>
        </Button>
      )}
    </Form>
  );
}
