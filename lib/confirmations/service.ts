import { type Confirmation, confirmationRepository } from "@/lib/confirmations/repository";
import { defaultReply } from "@/lib/consent/words";
import { replyBody } from "@/lib/inbox/body";
import { logger } from "@/lib/logger";
import { messageRepository } from "@/lib/messages/repository";
import { settle } from "@/lib/messages/service";
import { failed } from "@/lib/messages/settlement";
import type { UserId } from "@/lib/tenant";
import { userRepository } from "@/lib/users/repository";
import { sendMessage } from "@/lib/whatsapp/client";
import { causeOf, reasonOf } from "@/lib/whatsapp/errors";

/** So many are on their way at once. */
const AT_ONCE = 10;

/** Answers whoever has just opted out, if the account wants that. Nobody waits for it to be sent. */
export async function confirmOptOut(userId: UserId, contactId: string): Promise<void> {
  const { confirmsOptOut, optOutReply, optInWords } = await userRepository.getConsentSettings(userId);
  if (!confirmsOptOut) return;
  if (await confirmationRepository.queue(userId, contactId, optOutReply ?? defaultReply(optInWords)))
    wakeSender();
}

let isWoken = false;
let running: Promise<void> | null = null;

function wakeSender(): void {
  isWoken = true;
  running ??= runSender().finally(() => {
    running = null;
    if (isWoken) wakeSender();
  });
}

async function runSender(): Promise<void> {
  isWoken = false;
  await sendConfirmations().catch((error: unknown) =>
    logger.error({ error: String(error) }, "confirmations were not sent; the sweep will"),
  );
}

/** When none is being sent any more. For an orderly shutdown. */
export async function finishConfirmations(): Promise<void> {
  while (running) await running;
}

/** Sends every confirmation that is due. A crash in between leaves one that is never sent, not one that is sent twice. */
export async function sendConfirmations(): Promise<void> {
  for (;;) {
    const claimed = await confirmationRepository.claimOfAllTenants(AT_ONCE);
    if (claimed.length === 0) return;
    await Promise.all(claimed.map(sendOrLeave));
  }
}

/** What goes wrong with one is nobody else's trouble. */
const sendOrLeave = (confirmation: Confirmation) =>
  send(confirmation).catch((error: unknown) =>
    logger.error(
      { userId: confirmation.userId, error: String(error) },
      "a confirmation has no known outcome",
    ),
  );

async function send({ userId, text, waUserId, ...message }: Confirmation) {
  const connection = await userRepository.findConnection(userId).catch((error: unknown) => {
    logger.error({ userId, error: String(error) }, "a confirmation waits for a connection");
    return null;
  });
  const outcome = connection
    ? await sendMessage(
        connection,
        connection.phoneNumberId,
        replyBody({ text, media: null }, message, waUserId),
      )
    : ({ kind: "unreachable" } as const);
  // What concerns the whole account is seen to where campaigns meet it; this answer would be too late by then.
  const isHopeless =
    outcome.kind === "refused" && ["account", "template"].includes(causeOf(outcome.code).scope);
  if (isHopeless)
    await messageRepository.settle(userId, [failed(message, outcome.code, reasonOf(outcome.code))]);
  else await settle(userId, [{ message, outcome }]);
}
