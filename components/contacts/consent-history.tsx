import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { ConsentAction, ConsentSource } from "@/lib/db/generated/enums";

type ConsentEvent = {
  id: string;
  action: ConsentAction;
  source: ConsentSource;
  wording: string | null;
  importId: string | null;
  fileRow: number | null;
  createdAt: Date;
};

type Props = {
  contact: { optedIn: boolean; optedInAt: Date | null; optedOutAt: Date | null };
  events: ConsentEvent[];
  timeZone: string;
};

const sources: Record<ConsentSource, string> = {
  manual: "by hand",
  csv: "by import",
  api: "through the API",
  webhook: "in WhatsApp",
  keyword: "by message",
  button: "with a button",
  whatsapp_settings: "in WhatsApp's settings",
  error_131050: "in WhatsApp's settings",
};

/** The ledger: it is only ever added to. */
export function ConsentHistory({ contact: { optedIn, optedInAt, optedOutAt }, events, timeZone }: Props) {
  const since = optedIn ? optedInAt : optedOutAt;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Consent</CardTitle>
        <CardDescription>
          {optedIn && "Agreed to hear from you"}
          {!optedIn &&
            (optedOutAt ? "Does not want to hear from you" : "Never said whether they want to hear from you")}
          {since && (
            <>
              {" "}
              since <Time value={since} timeZone={timeZone} style="date" />
            </>
          )}
          {optedIn ? "." : ": no campaign reaches this person."}
        </CardDescription>
      </CardHeader>
      {events.length > 0 && (
        <CardContent>
          <ol className="grid gap-3 text-sm">
            {events.map(({ id, action, source, wording, importId, fileRow, createdAt }) => (
              <li key={id} className="grid gap-1 border-t pt-3">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <Badge tone={action === "opt_in" ? "success" : "warning"}>
                    {action === "opt_in" ? "Opted in" : "Opted out"}
                  </Badge>
                  <span>{sources[source]}</span>
                  <Time value={createdAt} timeZone={timeZone} className="text-muted-foreground" />
                </p>
                {wording && <blockquote className="whitespace-pre-line break-words">“{wording}”</blockquote>}
                {importId && (
                  <Link
                    href={`/contacts/imports/${importId}`}
                    className="w-fit text-primary text-xs underline underline-offset-4"
                  >
                    Line {fileRow} of the imported file
                  </Link>
                )}
              </li>
            ))}
          </ol>
        </CardContent>
      )}
    </Card>
  );
}
