import { useQuery } from "@tanstack/react-query";
import { filterOptionsQuery } from "@/lib/contact-filters/queries";
import type { Names } from "@/lib/contact-filters/words";

/** What a page knew of the ids in filters, and what may be chosen since. */
export function useNames({ campaigns, imports }: Names): Names {
  const { data: options } = useQuery(filterOptionsQuery);
  const offered = Object.fromEntries(options?.campaigns.map(({ id, name }) => [id, name]) ?? []);
  return { campaigns: { ...offered, ...campaigns }, imports };
}
