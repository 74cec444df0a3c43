import type { Route } from "next";
import Link from "next/link";
import { queryString } from "@/lib/api-client";
import { addressOf, type Filter } from "@/lib/contact-filters/schema";

/** To the people of an audience in the list of contacts, in a tab of its own: a form may be unsaved. */
export function RecipientsLink({ filter }: { filter: Filter }) {
  return (
    <Link
      href={`/contacts${queryString(addressOf(filter))}` as Route}
      target="_blank"
      className="whitespace-nowrap text-primary underline underline-offset-4"
    >
      See who
    </Link>
  );
}
