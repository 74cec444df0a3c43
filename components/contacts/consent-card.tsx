import { FileCheck } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Time } from "@/components/ui/time";

type Props = {
  contact: { id: string; optedIn: boolean; optedInAt: Date | null; optedOutAt: Date | null };
  timeZone: string;
};

/** Whether campaigns reach a person, and the way to what proves it. */
export function ConsentCard({ contact: { id, optedIn, optedInAt, optedOutAt }, timeZone }: Props) {
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
      <CardContent>
        <Button asChild variant="secondary" size="sm">
          <Link href={`/contacts/${id}/consent`}>
            <FileCheck aria-hidden />
            Proof of consent
          </Link>
        </Button>
      </CardContent>
    </Card>
  );
}
