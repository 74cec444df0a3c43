import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { Filter } from "@/lib/contact-filters/schema";

export type Count = { count: number; isMore: boolean };

/** What a filter may ask for in this account. */
export type FilterOptions = {
  tags: { tag: string; count: number }[];
  fields: string[];
  campaigns: { id: string; name: string }[];
  callingCodes: { code: string; label: string }[];
};

export const filterOptionsQuery = queryOptions({
  queryKey: ["contacts", "filter-options"],
  queryFn: () => api.get<FilterOptions>("/api/contacts/filter-options"),
  staleTime: 60_000,
});

export const filterCountQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ["contacts", "count", filter],
    queryFn: () => api.post<Count>("/api/contacts/count", { filter }),
  });

const number = new Intl.NumberFormat("en");

export const countWords = ({ count, isMore }: Count): string => `${number.format(count)}${isMore ? "+" : ""}`;

export const contactsWords = (count: Count): string =>
  count.count === 1 && !count.isMore ? "1 contact" : `${countWords(count)} contacts`;
