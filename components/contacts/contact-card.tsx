import type { ReactNode } from "react";
import { TagList } from "@/components/contacts/tag-list";
import { Alert } from "@/components/ui/alert";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Time } from "@/components/ui/time";

type Props = {
  contact: {
    phone: string | null;
    email: string | null;
    tags: string[];
    metadata: Record<string, string>;
    isBlocked: boolean;
    blockedReason: string | null;
    lastInboundAt: Date | null;
    createdAt: Date;
  };
  timeZone: string;
};

export function ContactCard({ contact, timeZone }: Props) {
  const { phone, email, tags, metadata, isBlocked, blockedReason, lastInboundAt, createdAt } = contact;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Details</CardTitle>
      </CardHeader>
      <CardContent className="grid gap-4">
        {isBlocked && (
          <Alert tone="danger" title="Blocked">
            {blockedReason ?? "No campaign reaches this person until you unblock them."}
          </Alert>
        )}
        <dl className="grid gap-3 text-sm">
          <Detail term="Phone">
            {phone ? (
              <span className="flex items-center gap-2 tabular-nums">
                {phone}
                <CopyButton value={phone} label="phone number" variant="ghost" className="-my-2" />
              </span>
            ) : (
              "WhatsApp did not tell us the number"
            )}
          </Detail>
          <Detail term="E-mail">{email ?? <None />}</Detail>
          <Detail term="Tags">{tags.length > 0 ? <TagList tags={tags} /> : <None />}</Detail>
          {Object.entries(metadata).map(([key, value]) => (
            <Detail key={key} term={key}>
              {value}
            </Detail>
          ))}
          <Detail term="Last wrote">
            {lastInboundAt ? <Time value={lastInboundAt} timeZone={timeZone} /> : "Never"}
          </Detail>
          <Detail term="Added">
            <Time value={createdAt} timeZone={timeZone} />
          </Detail>
        </dl>
      </CardContent>
    </Card>
  );
}

const None = () => <span className="text-muted-foreground">None</span>;

function Detail({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] items-baseline gap-3">
      <dt className="break-words text-muted-foreground">{term}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
