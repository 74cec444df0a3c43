import type { ConsentAction, ConsentSource } from "@/lib/db/generated/enums";
import type { Moment } from "@/lib/moment";

/** One entry of the ledger, with what proves it. */
export type ConsentEvent = {
  id: string;
  action: ConsentAction;
  source: ConsentSource;
  /** What the person agreed to, or what they wrote. */
  wording: string | null;
  importId: string | null;
  fileName: string | null;
  fileRow: number | null;
  /** The address of who recorded it; null when it came from WhatsApp. */
  actor: string | null;
  /** When the person said so, by WhatsApp's clock. */
  occurredAt: Moment | null;
  createdAt: Moment;
};

export const actionWords: Record<ConsentAction, string> = { opt_in: "Opted in", opt_out: "Opted out" };

export const sourceWords: Record<ConsentSource, string> = {
  manual: "by hand",
  csv: "by import",
  api: "through the API",
  webhook: "in WhatsApp",
  keyword: "by message",
  button: "with a button",
  whatsapp_settings: "in WhatsApp's settings",
  error_131050: "in WhatsApp's settings",
};

export const evidenceColumns = [
  ...["Name", "Phone", "What", "How", "Words", "Said at (UTC)", "Recorded at (UTC)", "Recorded by"],
  ...["File", "Line in the file"],
];

type Person = { name: string | null; phone: string | null };

const instant = (at: Moment | null) => (at === null ? "" : new Date(at).toISOString());

/** As a row of a file: who, what, how, in which words, when, recorded by whom, from which line of which file. */
export const evidenceRow = ({ name, phone }: Person, event: ConsentEvent): string[] => [
  ...[name ?? "", phone ?? "", actionWords[event.action], sourceWords[event.source], event.wording ?? ""],
  ...[instant(event.occurredAt), instant(event.createdAt), event.actor ?? "WhatsApp"],
  ...[event.fileName ?? "", event.fileRow === null ? "" : String(event.fileRow)],
];
