import { describe, expect, test } from "vitest";
import { type Evidence, figuresOf, type MessageRow, violationsIn } from "@/faults/checker";
import type { Post } from "@/faults/witness";

const row = (id: string, change: Partial<MessageRow> = {}): MessageRow => ({
  id,
  userId: "asha",
  campaignId: "spring",
  contactId: `person ${id}`,
  phone: "+4915100000015",
  status: "sent",
  whatsappMessageId: `wamid.${id}`,
  isSent: true,
  isDelivered: false,
  isRead: false,
  isFailed: false,
  claimedAt: null,
  updatedAt: 60_000,
  ...change,
});

const post = (messageId: string, change: Partial<Post> = {}): Post => ({
  at: 10_000,
  phoneNumberId: "number of asha",
  to: "4915100000015",
  messageId,
  outcome: "accepted",
  code: null,
  wamid: `wamid.${messageId}`,
  ...change,
});

const unsent = { isSent: false, whatsappMessageId: null };
const refused = { outcome: "refused", code: 131000, wamid: null } as const;
const unanswered = { outcome: "unanswered", wamid: null } as const;

/** Two people: one who was reached, one whose POST was cut off. */
function sound(): Evidence {
  return {
    tenants: [{ userId: "asha", phoneNumberId: "number of asha", messagesPerSecond: 2, recipients: 2 }],
    posts: [post("a"), post("b", { at: 10_400, ...unanswered })],
    deliveries: [
      { phoneNumberIds: ["number of asha"], status: null, reports: [{ wamid: "wamid.a", state: "sent" }] },
      { phoneNumberIds: ["number of asha"], status: 200, reports: [{ wamid: "wamid.a", state: "sent" }] },
    ],
    messages: [row("a"), row("b", { status: "unknown", ...unsent })],
    campaigns: [
      {
        id: "spring",
        userId: "asha",
        status: "completed",
        totalRecipients: 2,
        sentCount: 1,
        deliveredCount: 0,
        readCount: 0,
        failedCount: 0,
      },
    ],
    audit: { reports: [{ userId: "asha", wamid: "wamid.a", state: "sent" }], rows: { asha: 1 } },
    optOuts: [],
    crashes: [],
    forgeries: [{ status: 401, wamid: "wamid.a" }],
  };
}

const invariantsBrokenBy = (change: (evidence: Evidence) => void) => {
  const evidence = sound();
  change(evidence);
  return [...new Set(violationsIn(evidence).map(({ invariant }) => invariant))];
};

/** The second person's message, as it would be had all gone well but for `change`. */
const second = (evidence: Evidence, change: Partial<MessageRow>) => {
  evidence.messages[1] = row("b", { status: "unknown", ...unsent, ...change });
};

describe("the checker", () => {
  test("has nothing to say about a run that kept its promises", () => {
    expect(violationsIn(sound())).toEqual([]);
  });

  const planted: [string, string, (evidence: Evidence) => void][] = [
    [
      "two accepted posts for one person",
      "I1 no double",
      ({ posts }) => posts.push(post("a", { at: 12_000, wamid: "wamid.again" })),
    ],
    [
      "a second post after one that nobody answered",
      "I1 nothing again by itself",
      ({ posts }) => posts.push(post("b", { at: 12_000, ...unanswered })),
    ],
    [
      "somebody without a message",
      "I2 everybody has one message",
      ({ tenants: [tenant] }) => {
        if (tenant) tenant.recipients = 3;
      },
    ],
    [
      "somebody with two messages",
      "I2 everybody has one message",
      (evidence) => second(evidence, { contactId: "person a" }),
    ],
    [
      "a post for a message that does not exist",
      "I2 everybody has one message",
      ({ posts }) => posts.push(post("ghost", { at: 12_000 })),
    ],
    ["a message left in the queue", "I2 none lost", (evidence) => second(evidence, { status: "queued" })],
    ["a message left in flight", "I2 none lost", (evidence) => second(evidence, { status: "sending" })],
    [
      "an accepted message that is unknown",
      "I2 none lost",
      ({ posts }) => {
        posts[1] = post("b", { at: 10_400 });
      },
    ],
    [
      "a message that is sent and was never accepted",
      "I2 none lost",
      (evidence) => second(evidence, { status: "sent" }),
    ],
    [
      "a message that failed and was not refused",
      "I2 none lost",
      (evidence) => second(evidence, { status: "failed" }),
    ],
    [
      "a message that bears another message's id",
      "I2 none lost",
      ({ messages }) => {
        messages[0] = row("a", { whatsappMessageId: "wamid.other" });
      },
    ],
    [
      "a person skipped without a reason",
      "I2 none lost",
      (evidence) => second(evidence, { status: "skipped" }),
    ],
    [
      "an unknown message that was refused",
      "I2 unknown only if nobody can know",
      ({ posts }) => {
        posts[1] = post("b", { at: 10_400, ...refused });
      },
    ],
    [
      "an unknown message that was never posted",
      "I2 unknown only if nobody can know",
      ({ posts }) => posts.splice(1),
    ],
    [
      "a counter that is too high",
      "I3 counters equal rows",
      ({ campaigns: [campaign] }) => {
        if (campaign) campaign.sentCount = 2;
      },
    ],
    [
      "a report that was acknowledged and not applied",
      "I3 rows equal what was reported",
      ({ deliveries, audit }) => {
        const report = { wamid: "wamid.a", state: "read" };
        deliveries.push({ phoneNumberIds: ["number of asha"], status: 200, reports: [report] });
        audit.reports.push({ userId: "asha", ...report });
        audit.rows.asha = 2;
      },
    ],
    [
      "a state that nobody reported",
      "I3 rows equal what was reported",
      ({ messages }) => {
        messages[0] = row("a", { status: "delivered", isDelivered: true });
      },
    ],
    [
      "a webhook that was acknowledged and not stored",
      "I4 audit",
      ({ audit }) => {
        audit.reports = [];
      },
    ],
    [
      "fewer stored webhooks than acknowledged ones",
      "I4 audit",
      ({ audit }) => {
        audit.rows = {};
      },
    ],
    [
      "a stored report that Meta never sent",
      "I4 audit",
      ({ audit }) => audit.reports.push({ userId: "asha", wamid: "wamid.a", state: "failed" }),
    ],
    [
      "a forged webhook that was taken",
      "I4 audit",
      ({ forgeries }) => forgeries.push({ status: 200, wamid: "wamid.a" }),
    ],
    [
      "a message that left from another account's number",
      "I5 tenants",
      ({ posts }) => {
        posts[0] = post("a", { phoneNumberId: "number of bruno" });
      },
    ],
    [
      "a report that is stored for another account",
      "I5 tenants",
      ({ audit }) => {
        audit.reports = [{ userId: "bruno", wamid: "wamid.a", state: "sent" }];
      },
    ],
    [
      "a second with too many posts",
      "I6 rate",
      ({ posts }) => posts.push(post("c", { at: 10_500, ...refused }), post("d", { at: 10_600, ...refused })),
    ],
    [
      "a hasty post after a refusal by pair",
      "I6 pair",
      ({ posts }) => posts.unshift(post("a", { at: 5_000, ...refused, code: 131056 })),
    ],
    [
      "a campaign that does not end",
      "I7 liveness",
      ({ campaigns: [campaign] }) => {
        if (campaign) campaign.status = "processing";
      },
    ],
    [
      "a post to somebody who had opted out long before",
      "I8 opt-out",
      ({ optOuts }) => optOuts.push({ contactId: "person a", at: 1_000 }),
    ],
  ];

  test.each(planted)("reports %s", (_, invariant, plant) => {
    expect(invariantsBrokenBy(plant)).toContain(invariant);
  });

  const allowed: [string, (evidence: Evidence) => void][] = [
    ["a post after a refusal", ({ posts }) => posts.unshift(post("a", { at: 1_000, ...refused }))],
    [
      "an unknown message that was in flight when something died",
      (evidence) => {
        evidence.posts.splice(1);
        evidence.crashes.push({ what: "server", from: 9_000, until: 12_000 });
        second(evidence, { claimedAt: 8_900 });
      },
    ],
    [
      "a skipped person who had opted out",
      (evidence) => {
        evidence.posts.splice(1);
        evidence.optOuts.push({ contactId: "person b", at: 9_000 });
        second(evidence, { status: "skipped" });
      },
    ],
    [
      "a post that was on its way when the person opted out",
      ({ optOuts }) => optOuts.push({ contactId: "person a", at: 9_500 }),
    ],
  ];

  test.each(allowed)("allows %s", (_, plant) => {
    expect(invariantsBrokenBy(plant)).toEqual([]);
  });

  test("counts doubles and lost messages", () => {
    const evidence = sound();
    evidence.posts.push(post("a", { at: 12_000 }));
    evidence.messages.push(row("c", { status: "queued", ...unsent }));

    expect(figuresOf(evidence)).toEqual({ posts: 3, accepted: 2, unknown: 1, doubles: 1, lost: 1 });
  });
});
