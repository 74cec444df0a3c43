import type { UserId } from "@/lib/tenant";

/** What Meta reports of a message, by webhook or in its answer. */
export const receiptStates = ["sent", "delivered", "read", "failed"] as const;
export type ReceiptState = (typeof receiptStates)[number];

/**
 * One report about one message. Order, repetition and batches do not matter: the instants of a message only ever grow
 * in number, and `status` shows the furthest of them.
 */
export type Receipt = {
  /** Our own id, as Meta echoes it in `biz_opaque_callback_data`; asked first. */
  messageId: string | null;
  /** Which attempt to send it this is about (`messages.retryCount` when it was posted); null when nobody says. */
  attempt: number | null;
  whatsappMessageId: string | null;
  state: ReceiptState;
  /** Meta's instant; null means now, by the database's clock. */
  at: Date | null;
  errorCode: string | null;
  errorMessage: string | null;
  /** What Meta bills the message as, where the report says so. */
  category: string | null;
  pricingType: string | null;
};

/** A receipt and the account that was proven to speak; it touches no message of another. */
export type OwnedReceipt = Receipt & { userId: UserId };

/** What the owner reads beside a message in the state `unknown`. */
export const OUTCOME_UNKNOWN = "We do not know whether WhatsApp got the message. We did not send it again.";
