import type { Route } from "next";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { queryString } from "@/lib/api-client";
import { cn } from "@/lib/utils";

type Props = { tags: string[]; max?: number };

/** Every tag leads to the people who have it. With `max` they stay on one line. */
export function TagList({ tags, max }: Props) {
  const shown = tags.slice(0, max);
  const hidden = tags.slice(shown.length);
  return (
    <span className={cn("flex gap-1", max === undefined && "flex-wrap")}>
      {shown.map((tag) => (
        <Link key={tag} href={`/contacts${queryString({ tag })}` as Route} className="max-w-48 rounded-full">
          <Badge className="hover:border-border-strong">
            <span className="truncate">{tag}</span>
          </Badge>
        </Link>
      ))}
      {hidden.length > 0 && <Badge title={hidden.join(", ")}>+{hidden.length}</Badge>}
    </span>
  );
}
