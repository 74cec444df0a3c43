import type { ReactNode } from "react";
import { ConsentBadge } from "@/components/contacts/consent-badge";
import { MergeButton } from "@/components/contacts/merge-button";
import { TagList } from "@/components/contacts/tag-list";
import { Alert } from "@/components/ui/alert";
import { Card, CardContent, CardDescription, CardFooter, CardHeader, CardTitle } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import { isOut, isTwoPeople, lostIn, type MergePreview } from "@/lib/identity/joined";

type Props = {
  ids: { keep: string; drop: string };
  preview: MergePreview;
  timeZone: string;
  /** Other ways on from here. */
  children: ReactNode;
};

const number = new Intl.NumberFormat("en");

/** What two contacts will be together, and what will not be kept. */
export function MergeComparison({ ids, preview, timeZone, children }: Props) {
  const { keep, drop, after, messages, sharedCampaigns } = preview;
  const lost = lostIn(preview);
  return (
    <Card className="max-w-2xl">
      <CardHeader>
        <CardTitle>The contact afterwards</CardTitle>
        <CardDescription>
          Where both have something different, the first one counts. Messages, consent history, tags and
          fields of both are kept.
        </CardDescription>
      </CardHeader>
      <CardContent className="grid gap-4">
        {isTwoPeople(preview) && (
          <Alert tone="warning" title="WhatsApp knows these as two people">
            Join them only if you are sure: the next message from the second one will make a new contact.
          </Alert>
        )}
        {isOut(after) && (
          <Alert tone="warning" title="Stays opted out">
            {isOut(keep) && isOut(drop)
              ? "Both have opted out. "
              : "One of the two has opted out, and that counts for the person. "}
            No campaign reaches them, and both numbers stay opted out.
          </Alert>
        )}
        {after.isBlocked && (
          <Alert tone="warning" title="Stays blocked">
            {after.blockedReason ?? "No campaign reaches this person until you unblock them."}
          </Alert>
        )}
        <dl className="grid gap-3 text-sm">
          <Row term="Name">{after.name ?? <None />}</Row>
          <Row term="Phone">{after.phone ?? <None />}</Row>
          <Row term="E-mail">{after.email ?? <None />}</Row>
          <Row term="Consent">
            <ConsentBadge contact={after} />
          </Row>
          <Row term="Tags">{after.tags.length > 0 ? <TagList tags={after.tags} /> : <None />}</Row>
          {Object.entries(after.metadata).map(([key, value]) => (
            <Row key={key} term={key}>
              {value}
            </Row>
          ))}
          <Row term="Last wrote">
            {after.lastInboundAt ? <Time value={after.lastInboundAt} timeZone={timeZone} /> : "Never"}
          </Row>
        </dl>
        <ul className="grid list-disc gap-1 border-t pt-4 pl-5 text-sm">
          <li>
            {messages === 0
              ? "The second contact has no messages to move."
              : messages === 1
                ? "One message of the second contact moves here."
                : `${number.format(messages)} messages of the second contact move here.`}
          </li>
          {sharedCampaigns > 0 && (
            <li>
              {sharedCampaigns === 1
                ? "Both are in one campaign."
                : `Both are in ${sharedCampaigns} campaigns.`}{" "}
              The message that may have reached them stays. The other is only counted from now on: its text
              goes, and it is not sent if it still waits.
            </li>
          )}
          <li>
            {lost.length === 0
              ? "Nothing of the second contact is lost."
              : `Not kept of the second contact: ${lost.join(", ")}`}
          </li>
        </ul>
      </CardContent>
      <CardFooter>
        <MergeButton keepId={ids.keep} dropId={ids.drop} />
        {children}
      </CardFooter>
    </Card>
  );
}

const None = () => <span className="text-muted-foreground">None</span>;

function Row({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] items-baseline gap-3">
      <dt className="wrap-anywhere text-muted-foreground">{term}</dt>
      <dd className="wrap-anywhere min-w-0">{children}</dd>
    </div>
  );
}
