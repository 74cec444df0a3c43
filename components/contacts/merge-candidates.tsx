import { UserSearch } from "lucide-react";
import Link from "next/link";
import { ConsentBadge } from "@/components/contacts/consent-badge";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { SearchInput } from "@/components/ui/search-input";

type Candidate = {
  id: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  optedIn: boolean;
  optedOutAt: Date | null;
  isBlocked: boolean;
};

type Props = { contactId: string; search: string; candidates: Candidate[]; hasMore: boolean };

export function MergeCandidates({ contactId, search, candidates, hasMore }: Props) {
  return (
    <Card className="max-w-2xl">
      <CardHeader>
        <CardTitle>Who is the same person?</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-4">
        <search aria-label="Contacts">
          <form className="flex gap-2">
            <SearchInput
              key={search}
              name="search"
              defaultValue={search}
              placeholder="Name, phone or e-mail"
              aria-label="Search by name, phone or e-mail"
            />
            <Button type="submit" variant="secondary">
              Search
            </Button>
          </form>
        </search>
        {candidates.length === 0 ? (
          <EmptyState icon={UserSearch} title={search ? "Nobody else found" : "Search for the other contact"}>
            {search
              ? "Try a part of the name, or a few digits of the number."
              : "By a part of the name, the number or the e-mail address."}
          </EmptyState>
        ) : (
          <ul aria-label="Found contacts" className="divide-y">
            {candidates.map(({ id, name, phone, email, ...contact }) => (
              <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
                <div className="grid min-w-0 gap-1">
                  <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <span className="wrap-anywhere font-medium">{name ?? phone ?? "Without a name"}</span>
                    <ConsentBadge contact={contact} />
                  </p>
                  <p className="wrap-anywhere text-muted-foreground text-sm tabular-nums">
                    {[name && phone, email].filter(Boolean).join(" · ") || "No number"}
                  </p>
                </div>
                <Button asChild variant="secondary" size="sm">
                  <Link
                    href={{ pathname: `/contacts/${contactId}/merge`, query: { with: id } }}
                    aria-label={`Compare with ${name ?? phone ?? "this contact"}`}
                  >
                    Compare
                  </Link>
                </Button>
              </li>
            ))}
          </ul>
        )}
        {hasMore && (
          <p className="text-muted-foreground text-sm">
            There are more. Search for more of the name or number.
          </p>
        )}
      </CardContent>
    </Card>
  );
}
