import { OUTCOME_UNKNOWN } from "@/lib/messages/status";

/** What is posted of a message. */
export type Addressed = { id: string; phone: string; parameters: string[]; retryCount: number };

/** A message that is ours to post. */
export type Claimed = Addressed & {
  /** Tells this claim from any other of the same message, in the database's own words. */
  claimedAt: string;
  /** Whether Meta's messaging limit counts it: the person had not written within 24 hours. */
  isInitiated: boolean;
};

/** What becomes of one claimed message, as it is written down. */
export type Settlement = {
  id: string;
  /** What is said about this claim: a later one of the same message is left alone. */
  claimedAt: string;
  /** The attempt that was posted. */
  attempt: number;
  status: "held" | "sent" | "failed" | "queued" | "unknown";
  whatsappMessageId: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  /** For `queued`: not again within this many ms. */
  delayMs: number;
  /** For `queued`: whether it used up one of the message's tries. */
  isTry: boolean;
};

/** 1, 4, 16, 64 … seconds, at least Meta's 6 s between two messages to one person, with jitter (ms). */
export function backOffMs(tries: number, random = Math.random()): number {
  return Math.max(6000, 1000 * 4 ** tries) * (1 + random / 4);
}

type Posted = Pick<Claimed, "id" | "retryCount" | "claimedAt">;

const settled = (message: Posted, change: Pick<Settlement, "status"> & Partial<Settlement>): Settlement => ({
  id: message.id,
  claimedAt: message.claimedAt,
  attempt: message.retryCount,
  whatsappMessageId: null,
  errorCode: null,
  errorMessage: null,
  delayMs: 0,
  isTry: false,
  ...change,
});

export const sent = (message: Posted, whatsappMessageId: string) =>
  settled(message, { status: "sent", whatsappMessageId });

/** WhatsApp took it and keeps it back until it is sure of the template's quality. */
export const held = (message: Posted, whatsappMessageId: string) =>
  settled(message, { status: "held", whatsappMessageId });

export const failed = (message: Posted, code: number, errorMessage: string) =>
  settled(message, { status: "failed", errorCode: String(code), errorMessage });

/** Back to the queue. */
export const givenBack = (message: Posted, { delayMs = 0, isTry = false } = {}) =>
  settled(message, { status: "queued", delayMs, isTry });

export const lost = (message: Posted) =>
  settled(message, { status: "unknown", errorMessage: OUTCOME_UNKNOWN });
