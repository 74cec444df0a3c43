/** What the sandbox's ledger says, as far as it matters here. The sandbox is the only witness of what was posted. */

export type LedgerEntry = { at: number; kind: string } & Record<string, unknown>;

/** One POST of a message, and how the sandbox answered it. */
export type Post = {
  at: number;
  phoneNumberId: string;
  to: string;
  /** Ours, from `biz_opaque_callback_data`. */
  messageId: string;
  /** `unanswered`: not accepted, and nothing was said from which the product could know that. */
  outcome: "accepted" | "refused" | "unanswered";
  code: number | null;
  wamid: string | null;
};

/** One POST of a webhook, and how the product answered it. */
export type Delivery = { phoneNumberIds: string[]; status: number | null; reports: Report[] };

export type Report = { wamid: string; state: string };

export function postsOf(entries: LedgerEntry[]): Post[] {
  const answers = new Map(
    entries.filter(({ kind }) => kind === "answer").map((entry) => [entry.requestId, entry]),
  );
  return entries
    .filter(({ kind }) => kind === "request")
    .map((request) => {
      const answer = answers.get(request.requestId);
      return {
        at: request.at,
        phoneNumberId: String(request.phoneNumberId),
        to: String(request.to),
        messageId: messageIdOf(request.body),
        ...judge(answer),
      };
    });
}

/** `<message id>` or `<message id>.<attempt>`. */
function messageIdOf(body: unknown): string {
  const { biz_opaque_callback_data: data = "" } = Object(body);
  return String(data).split(".")[0] ?? "";
}

function judge(answer: LedgerEntry | undefined): Pick<Post, "outcome" | "code" | "wamid"> {
  const code = typeof answer?.code === "number" ? answer.code : null;
  const wamid = typeof answer?.wamid === "string" ? answer.wamid : null;
  if (wamid) return { outcome: "accepted", code, wamid };
  const hasLeft = answer !== undefined && answer.connection === undefined && answer.status !== null;
  const isRefusal = hasLeft && (code !== null || answer.status === 429);
  return { outcome: isRefusal ? "refused" : "unanswered", code, wamid };
}

export function deliveriesOf(entries: LedgerEntry[]): Delivery[] {
  const statuses = new Map<unknown, number>();
  for (const entry of entries) {
    if (entry.kind !== "webhook_answer") continue;
    statuses.set(`${entry.deliveryId} ${entry.attempt}`, Number(entry.status));
  }
  const updates = new Map<unknown, Report[]>();
  return entries
    .filter(({ kind }) => kind === "webhook")
    .map((entry) => {
      const reports = updates.get(entry.deliveryId) ?? reportsOf(entry.updates);
      updates.set(entry.deliveryId, reports);
      return {
        phoneNumberIds: Array.isArray(entry.phoneNumberIds) ? entry.phoneNumberIds.map(String) : [],
        status: statuses.get(`${entry.deliveryId} ${entry.attempt}`) || null,
        reports,
      };
    });
}

const reportsOf = (updates: unknown): Report[] =>
  (Array.isArray(updates) ? updates : []).flatMap(({ id, status }) =>
    typeof status === "string" ? [{ wamid: String(id), state: status }] : [],
  );
