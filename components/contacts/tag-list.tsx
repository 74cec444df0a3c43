import type { Route } from "next";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { queryString } from "@/lib/api-client";

type Props = { tags: string[]; max?: number };

/** Every tag leads to the people who have it. */
export function TagList({ tags, max = tags.length }: Props) {
  return (
    <span className="flex flex-wrap gap-1">
      {tags.slice(0, max).map((tag) => (
        <Link key={tag} href={`/contacts${queryString({ tag })}` as Route} className="max-w-48 rounded-full">
          <Badge className="hover:border-border-strong">
            <span className="truncate">{tag}</span>
          </Badge>
        </Link>
      ))}
      {tags.length > max && <Badge title={tags.slice(max).join(", ")}>+{tags.length - max}</Badge>}
    </span>
  );
}
