import type { Route } from "next";
import Link from "next/link";
import { Alert } from "@/components/ui/alert";
import type { CampaignStatus } from "@/lib/db/generated/enums";

type Campaign = { id: string; name: string; status: CampaignStatus };

/** What changing a segment means for the campaigns that are to go to it. */
export function SegmentUse({ campaigns }: { campaigns: Campaign[] }) {
  const drafts = campaigns.filter(({ status }) => status === "draft");
  const scheduled = campaigns.filter(({ status }) => status !== "draft");
  if (campaigns.length === 0) return null;
  return (
    <Alert tone="info" className="mb-5 max-w-3xl">
      <div className="grid gap-1">
        {drafts.length > 0 && (
          <p>
            <Links campaigns={drafts} /> {drafts.length === 1 ? "is a draft" : "are drafts"} for this segment:
            what you change here changes who gets {drafts.length === 1 ? "it" : "them"}.
          </p>
        )}
        {scheduled.length > 0 && (
          <p>
            <Links campaigns={scheduled} /> {scheduled.length === 1 ? "keeps" : "keep"} the conditions of the
            day {scheduled.length === 1 ? "it was" : "they were"} scheduled. To use the new ones, take{" "}
            {scheduled.length === 1 ? "it" : "them"} back and schedule again.
          </p>
        )}
      </div>
    </Alert>
  );
}

function Links({ campaigns }: { campaigns: Campaign[] }) {
  return campaigns.map(({ id, name }, index) => (
    <span key={id}>
      {index > 0 && ", "}
      <Link href={`/campaigns/${id}` as Route} className="underline underline-offset-4">
        {name}
      </Link>
    </span>
  ));
}
