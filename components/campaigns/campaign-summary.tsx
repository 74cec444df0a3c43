import type { Route } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import type { KeptAudience, Parameter } from "@/lib/campaigns/schema";
import { describeAudience, describeParameter } from "@/lib/campaigns/words";
import { type Names, wordsFor } from "@/lib/contact-filters/words";
import type { MessageType } from "@/lib/db/generated/enums";
import type { Media } from "@/lib/media/schema";
import type { TemplateComponent } from "@/lib/templates/schema";
import { variablesOf } from "@/lib/templates/variables";

type Props = {
  messageType: MessageType;
  template: { id: string; name: string } | null;
  media: Media | undefined;
  components: TemplateComponent[];
  /** Null when its segment was deleted. */
  audience: KeptAudience | null;
  /** Whether the segment stays for this campaign as it was. */
  isKept: boolean;
  names: Names;
  parameters: Parameter[];
};

/** What the owner chose, in words. */
export function CampaignSummary({ messageType, template, media, components, parameters, ...people }: Props) {
  const variables = variablesOf(components);
  return (
    <Card>
      <CardHeader>
        <CardTitle>What and to whom</CardTitle>
      </CardHeader>
      <CardContent>
        <dl className="grid gap-x-6 gap-y-1 text-sm sm:gap-y-2.5 sm:grid-cols-[8rem_minmax(0,1fr)]">
          {messageType === "text" ? (
            <Row term="Text">Without approval, only to people who wrote to you within 24 hours</Row>
          ) : (
            <Row term="Template">
              {template ? (
                <Link href={`/templates/${template.id}` as Route} className="underline underline-offset-4">
                  {template.name}
                </Link>
              ) : (
                "Deleted"
              )}
            </Row>
          )}
          {media && (
            <Row term={messageType === "text" ? "Attachment" : "In the header"}>{media.fileName}</Row>
          )}
          <Row term="To">
            <People {...people} />
          </Row>
          {parameters.map((parameter, index) => (
            <Row
              // biome-ignore lint/suspicious/noArrayIndexKey: parameters are told apart by their place alone
              key={index}
              term={variables[index]?.key === "code" ? "Code" : `{{${variables[index]?.key ?? index + 1}}}`}
            >
              {describeParameter(parameter)}
            </Row>
          ))}
        </dl>
      </CardContent>
    </Card>
  );
}

function People({ audience, isKept, names }: Pick<Props, "audience" | "isKept" | "names">) {
  if (!audience) return "A segment that was deleted";
  const conditions = [...(audience.segment?.filter ?? []), ...audience.filter];
  return (
    <>
      {describeAudience(audience)}
      {conditions.length > 0 && (
        <ul className="mt-1 list-disc pl-4 text-muted-foreground">
          {conditions.map((condition) => (
            <li key={JSON.stringify(condition)}>{wordsFor(condition, names)}</li>
          ))}
        </ul>
      )}
      {audience.segment && isKept && (
        <p className="mt-1 text-muted-foreground text-xs">
          The segment as it was then: changing or deleting it does not change this campaign.
        </p>
      )}
    </>
  );
}

function Row({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted-foreground max-sm:mt-2">{term}</dt>
      <dd className="wrap-anywhere min-w-0">{children}</dd>
    </>
  );
}
