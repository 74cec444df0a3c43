import type { ConsentEvent } from "@/lib/consent/evidence";
import type { MessageDirection, MessageStatus } from "@/lib/db/generated/enums";
import type { Moment } from "@/lib/moment";

/** Something that happened with a person. */
export type TimelineEntry = { id: string; at: Moment } & (
  | {
      kind: "message";
      direction: MessageDirection;
      status: MessageStatus;
      errorMessage: string | null;
      /** What it says, in one piece of text. */
      summary: string;
      campaign: { id: string; name: string } | null;
    }
  | ({ kind: "consent" } & Pick<
      ConsentEvent,
      "action" | "source" | "wording" | "importId" | "fileName" | "fileRow"
    >)
  | { kind: "import"; isNew: boolean; importId: string; fileName: string; line: number | null }
);

export type TimelinePage = {
  /** The newest first. */
  items: TimelineEntry[];
  /** Leads to what was before; null when there is nothing. */
  nextCursor: string | null;
};
