"use client";

import { Download } from "lucide-react";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { FilterEditor } from "@/components/contacts/filter-editor";
import { SaveSegment } from "@/components/segments/save-segment";
import { Button } from "@/components/ui/button";
import { SearchInput } from "@/components/ui/search-input";
import { Select } from "@/components/ui/select";
import { queryString } from "@/lib/api-client";
import { type Count, contactsWords } from "@/lib/contact-filters/queries";
import { addressOf, type Filter, isSearchable, type Sort } from "@/lib/contact-filters/schema";
import type { Names } from "@/lib/contact-filters/words";

const sortWords: Record<Sort, string> = {
  newest: "Newest first",
  name: "By name",
  last_reply: "Who wrote last",
};

type Props = { filter: Filter; sort: Sort; names: Names; total: Count };

/** What it asks for is in the address, so a result can be bookmarked and shared. */
export function ContactFilters({ filter, sort, names, total }: Props) {
  const router = useRouter();
  const searched = filter.find(({ field }) => field === "search");
  const search = searched?.field === "search" ? searched.text : "";
  const show = (next: Filter, nextSort = sort) =>
    router.push(
      `/contacts${queryString({ ...addressOf(next), sort: nextSort === "newest" ? null : nextSort })}` as Route,
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("search")).trim();
    const rest = filter.filter(({ field }) => field !== "search");
    show(text ? [{ field: "search", text }, ...rest] : rest);
  };
  return (
    <div className="mb-4 grid gap-3">
      <div className="flex flex-wrap gap-2">
        <search aria-label="Contacts" className="flex min-w-60 flex-1 sm:max-w-md">
          <form onSubmit={submit} className="flex min-w-0 flex-1 gap-2">
            <SearchInput
              key={search}
              name="search"
              defaultValue={search}
              placeholder="Name, phone, e-mail or field"
              aria-label="Search by name, phone, e-mail or custom field"
            />
            <Button type="submit" variant="secondary">
              Search
            </Button>
          </form>
        </search>
        <Select
          value={sort}
          aria-label="Order"
          className="w-40"
          onChange={(event) => show(filter, event.target.value as Sort)}
        >
          {Object.entries(sortWords).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Button asChild variant="secondary" className="ml-auto">
          <a href={`/api/contacts/export.csv${queryString(addressOf(filter))}`} download>
            <Download aria-hidden />
            Export
          </a>
        </Button>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <FilterEditor filter={filter} names={names} onChange={(next) => show(next)} />
        {filter.length > 0 && (
          <>
            <SaveSegment filter={filter} />
            <Button variant="ghost" size="sm" onClick={() => show([])}>
              Clear
            </Button>
            <span role="status" className="text-muted-foreground text-sm sm:ml-auto">
              {contactsWords(total)}
            </span>
          </>
        )}
      </div>
      {search && !isSearchable(search) && (
        <p className="text-muted-foreground text-sm">
          With fewer than three letters or digits only names that begin with “{search}” are found.
        </p>
      )}
    </div>
  );
}
