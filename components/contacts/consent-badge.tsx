import { Ban } from "lucide-react";
import { Badge } from "@/components/ui/badge";

type Props = { contact: { optedIn: boolean; optedOutAt: Date | null; isBlocked: boolean } };

/** What a person agreed to, and that they are blocked if so. */
export function ConsentBadge({ contact: { optedIn, optedOutAt, isBlocked } }: Props) {
  return (
    <span className="inline-flex flex-wrap gap-1">
      {optedIn && <Badge tone="success">Opted in</Badge>}
      {!optedIn && optedOutAt && <Badge tone="warning">Opted out</Badge>}
      {!optedIn && !optedOutAt && <Badge>Not asked</Badge>}
      {isBlocked && (
        <Badge tone="danger">
          <Ban aria-hidden />
          Blocked
        </Badge>
      )}
    </span>
  );
}
