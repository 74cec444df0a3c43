import type { Delivery, Post } from "@/faults/witness";

/** Everything that is known about a run when it has ended. */
export type Evidence = {
  tenants: Tenant[];
  posts: Post[];
  deliveries: Delivery[];
  messages: MessageRow[];
  campaigns: CampaignRow[];
  /** The statuses in the stored webhooks, and how many webhooks are stored. */
  audit: { reports: (AuditReport & { wamid: string; state: string })[]; rows: Record<string, number> };
  optOuts: { contactId: string; at: number }[];
  crashes: Crash[];
  /** What was answered to webhooks with a false signature, and of whom they spoke. */
  forgeries: { status: number; wamid: string }[];
};

export type Tenant = {
  userId: string;
  phoneNumberId: string;
  messagesPerSecond: number;
  /** How many people the campaign was for. */
  recipients: number;
};

type AuditReport = { userId: string | null };

export type MessageRow = {
  id: string;
  userId: string;
  campaignId: string;
  contactId: string;
  phone: string;
  status: string;
  whatsappMessageId: string | null;
  isSent: boolean;
  isDelivered: boolean;
  isRead: boolean;
  isFailed: boolean;
  /** When it was claimed, unless its outcome was learnt; in ms like all instants here. */
  claimedAt: number | null;
  updatedAt: number;
};

export type CampaignRow = {
  id: string;
  userId: string;
  status: string;
  totalRecipients: number;
  sentCount: number;
  deliveredCount: number;
  readCount: number;
  failedCount: number;
};

/** A time in which something died that had messages in its hands: from its death until it was back. */
export type Crash = { what: string; from: number; until: number };

export type Violation = { invariant: string; detail: string };

/** Longer than any request of the product lasts. */
const MAX_FLIGHT_MS = 35_000;
/** From the claim until the POST has arrived, on a machine that is busy. */
const CLAIM_TO_POST_MS = 3_000;
/** Posts that were evenly spaced when they left may arrive closer together. */
const JITTER = 1.1;
const PAIR_MS = 6_000;

type Check = (evidence: Indexed) => Iterable<string>;

type Indexed = Evidence & { postsOf: Map<string, Post[]>; rowOf: Map<string, MessageRow> };

const checks: Record<string, Check> = {
  "I1 no double": function* ({ postsOf }) {
    for (const [id, posts] of postsOf) {
      const accepted = posts.filter(({ outcome }) => outcome === "accepted").length;
      if (accepted > 1) yield `message ${id} was accepted ${accepted} times`;
    }
  },

  "I1 nothing again by itself": function* ({ postsOf }) {
    for (const [id, posts] of postsOf) {
      const last = posts.slice(0, -1).find(({ outcome }) => outcome !== "refused");
      if (last) yield `message ${id} was posted again after it had been ${last.outcome}`;
    }
  },

  "I2 everybody has one message": function* ({ tenants, messages, postsOf, rowOf }) {
    for (const { userId, recipients } of tenants) {
      const contacts = messages.filter((row) => row.userId === userId).map(({ contactId }) => contactId);
      if (contacts.length !== recipients) yield `${contacts.length} messages for ${recipients} people`;
      if (new Set(contacts).size !== contacts.length) yield "somebody has two messages";
    }
    for (const id of postsOf.keys())
      if (!rowOf.has(id)) yield `a message ${id} was posted that does not exist`;
  },

  "I2 none lost": function* ({ messages, postsOf, optOuts }) {
    const objectors = new Set(optOuts.map(({ contactId }) => contactId));
    for (const { id, contactId, status, whatsappMessageId } of messages) {
      const posts = postsOf.get(id) ?? [];
      const accepted = posts.find(({ outcome }) => outcome === "accepted");
      if (isWaiting(status)) yield `message ${id} is still ${status}`;
      if (accepted && !isKnown(status)) yield `message ${id} was accepted and is ${status}`;
      if (accepted && isKnown(status) && whatsappMessageId !== accepted.wamid)
        yield `message ${id} bears ${whatsappMessageId} instead of ${accepted.wamid}`;
      if (!accepted && isReached(status)) yield `message ${id} is ${status} and was never accepted`;
      if (!accepted && status === "failed" && posts.at(-1)?.outcome !== "refused")
        yield `message ${id} failed and was not refused`;
      if (status === "skipped" && !objectors.has(contactId))
        yield `message ${id} was skipped without a reason`;
    }
  },

  "I2 unknown only if nobody can know": function* ({ messages, postsOf, crashes }) {
    for (const row of messages) {
      if (row.status !== "unknown") continue;
      const last = postsOf.get(row.id)?.at(-1);
      if (last?.outcome === "unanswered" || crashes.some((crash) => isInFlightAt(crash, row))) continue;
      yield `message ${row.id} is unknown, although ${last ? `it was ${last.outcome}` : "it was never posted"} and nothing died`;
    }
  },

  "I3 counters equal rows": function* ({ campaigns, messages }) {
    for (const campaign of campaigns) {
      const rows = messages.filter(({ campaignId }) => campaignId === campaign.id);
      const truth = {
        totalRecipients: rows.length,
        sentCount: rows.filter(({ isSent }) => isSent).length,
        deliveredCount: rows.filter(({ isDelivered }) => isDelivered).length,
        readCount: rows.filter(({ isRead }) => isRead).length,
        failedCount: rows.filter(({ isFailed }) => isFailed).length,
      };
      for (const name of Object.keys(truth) as (keyof typeof truth)[]) {
        if (campaign[name] !== truth[name])
          yield `${name} is ${campaign[name]}, but the rows say ${truth[name]}`;
      }
    }
  },

  "I3 rows equal what was reported": function* ({ messages, deliveries, postsOf }) {
    const reported = new Set(
      deliveries
        .filter(({ status }) => status === 200)
        .flatMap(({ reports }) => reports.map(({ wamid, state }) => `${wamid} ${state}`)),
    );
    for (const row of messages) {
      const accepted = postsOf.get(row.id)?.find(({ outcome }) => outcome === "accepted");
      const has = (state: string) => accepted !== undefined && reported.has(`${accepted.wamid} ${state}`);
      const isRead = has("read");
      const isDelivered = isRead || has("delivered");
      const wrong = [
        row.isRead !== isRead && "read",
        row.isDelivered !== isDelivered && "delivered",
        has("failed") && !row.isFailed && "failed",
        (has("sent") || isDelivered) && !row.isSent && "sent",
      ].filter(Boolean);
      if (wrong.length > 0) yield `message ${row.id} differs from its reports in: ${wrong.join(", ")}`;
    }
  },

  "I4 audit": function* ({ tenants, deliveries, audit, forgeries }) {
    const stored = new Set(audit.reports.map(({ wamid, state }) => `${wamid} ${state}`));
    const sent = new Set(
      deliveries.flatMap(({ reports }) => reports.map(({ wamid, state }) => `${wamid} ${state}`)),
    );
    for (const { status, reports } of deliveries) {
      const missing = reports.find(({ wamid, state }) => !stored.has(`${wamid} ${state}`));
      if (status === 200 && missing)
        yield `${missing.state} of ${missing.wamid} was acknowledged and is not stored`;
    }
    for (const report of stored) if (!sent.has(report)) yield `${report} is stored and was never sent`;
    for (const { userId, phoneNumberId } of tenants) {
      const own = deliveries.filter(({ phoneNumberIds }) => phoneNumberIds.includes(phoneNumberId));
      const acknowledged = own.filter(({ status }) => status === 200).length;
      const rows = audit.rows[userId] ?? 0;
      if (rows < acknowledged) yield `${acknowledged} webhooks were acknowledged and ${rows} are stored`;
    }
    for (const { status, wamid } of forgeries) {
      if (status !== 401) yield `a forged webhook about ${wamid} was answered with ${status}`;
    }
  },

  "I5 tenants": function* ({ tenants, posts, rowOf, deliveries, audit }) {
    const owners = new Map(tenants.map(({ phoneNumberId, userId }) => [phoneNumberId, userId]));
    for (const { messageId, phoneNumberId } of posts) {
      const row = rowOf.get(messageId);
      if (row && row.userId !== owners.get(phoneNumberId))
        yield `message ${messageId} left from somebody else's number`;
    }
    const told = new Map(
      deliveries.flatMap(({ phoneNumberIds: [first = ""], reports }) =>
        reports.map(({ wamid }) => [wamid, owners.get(first)] as const),
      ),
    );
    for (const { userId, wamid } of audit.reports) {
      if (told.has(wamid) && userId !== told.get(wamid))
        yield `a report about ${wamid} is stored for somebody else`;
    }
  },

  "I6 rate": function* ({ tenants, posts }) {
    for (const { phoneNumberId, messagesPerSecond } of tenants) {
      const own = posts.filter((post) => post.phoneNumberId === phoneNumberId);
      const most = busiestSecond(own.map(({ at }) => at));
      if (most > messagesPerSecond * JITTER)
        yield `${most} posts in one second, ${messagesPerSecond} are allowed`;
    }
  },

  "I6 pair": function* ({ postsOf }) {
    for (const [id, posts] of postsOf) {
      const hasty = posts.find(
        ({ at }, index) => posts[index - 1]?.code === 131056 && at - (posts[index - 1]?.at ?? 0) < PAIR_MS,
      );
      if (hasty) yield `message ${id} was posted again within 6 s of the refusal by pair`;
    }
  },

  "I7 liveness": function* ({ campaigns }) {
    for (const { id, status } of campaigns) if (status !== "completed") yield `campaign ${id} is ${status}`;
  },

  "I8 opt-out": function* ({ messages, postsOf, optOuts }) {
    const since = new Map(optOuts.map(({ contactId, at }) => [contactId, at]));
    for (const { id, contactId } of messages) {
      const limit = (since.get(contactId) ?? Number.POSITIVE_INFINITY) + CLAIM_TO_POST_MS;
      if (postsOf.get(id)?.some(({ at }) => at > limit))
        yield `message ${id} was posted to somebody who had opted out`;
    }
  },
};

/** All that the run did wrong; nothing, if it kept its promises. */
export function violationsIn(evidence: Evidence): Violation[] {
  const postsOf = new Map<string, Post[]>();
  for (const post of evidence.posts) {
    postsOf.set(post.messageId, [...(postsOf.get(post.messageId) ?? []), post]);
  }
  const rowOf = new Map(evidence.messages.map((row) => [row.id, row]));
  const indexed = { ...evidence, postsOf, rowOf };
  return Object.entries(checks).flatMap(([invariant, check]) =>
    [...check(indexed)].map((detail) => ({ invariant, detail })),
  );
}

const isWaiting = (status: string) => status === "queued" || status === "sending";
const isReached = (status: string) => status === "sent" || status === "delivered" || status === "read";
const isKnown = (status: string) => isReached(status) || status === "failed";

/** Whether a message was between its claim and the record of its outcome at some moment of the crash. */
function isInFlightAt({ from, until }: Crash, { claimedAt, updatedAt }: MessageRow): boolean {
  if (claimedAt === null) return updatedAt >= from && updatedAt <= until + MAX_FLIGHT_MS;
  return claimedAt >= from - MAX_FLIGHT_MS && claimedAt <= until;
}

function busiestSecond(instants: number[]): number {
  const sorted = instants.toSorted((one, other) => one - other);
  let most = 0;
  let first = 0;
  sorted.forEach((at, index) => {
    while (at - (sorted[first] ?? at) >= 1000) first++;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

/** The numbers of a run for the line that is printed. */
export function figuresOf({ posts, messages }: Evidence) {
  const accepted = posts.filter(({ outcome }) => outcome === "accepted");
  const recipients = new Set(accepted.map(({ messageId }) => messageId));
  const isLost = ({ id, status }: MessageRow) =>
    isWaiting(status) || (recipients.has(id) ? !isKnown(status) : isReached(status));
  return {
    posts: posts.length,
    accepted: accepted.length,
    unknown: messages.filter(({ status }) => status === "unknown").length,
    doubles: accepted.length - recipients.size,
    lost: messages.filter(isLost).length,
  };
}
