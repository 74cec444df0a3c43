import { createRandom, hash, type Random } from "./random";

export type QuickReply = { payload: string; text: string; interactive: boolean };

export type Reply =
  | { type: "text"; text: string }
  | { type: "button"; payload: string; text: string }
  | { type: "button_reply"; id: string; title: string };

/** What happens to an accepted message, `after` milliseconds at speed 1. */
export type Outcome =
  | { after: number; status: "sent" | "delivered" | "read"; priced: boolean }
  | { after: number; status: "failed"; code: number }
  | { after: number; reply: Reply };

/** An outcome that a fault rule demands instead of the usual one. */
export type ForcedOutcome = { code: number } | { status: "sent" | "delivered" | "read" };

export type MessageFacts = {
  /** Digits of the recipient, or his business-scoped user id. */
  recipient: string;
  marketing: boolean;
  freeForm: boolean;
  windowOpen: boolean;
  overMessagingLimit: boolean;
  stoppedMarketing: boolean;
  blocked: boolean;
  brokenMedia: boolean;
  quickReplies: readonly QuickReply[];
};

/** Recipients by their last four digits (section 9.3 of the simulator's blueprint). */
const failures: Readonly<Record<string, number>> = {
  "0026": 131026,
  "0047": 131047,
  "0048": 131048,
  "0049": 131049,
  "0050": 131050,
  "0053": 131053,
  "0472": 130472,
};

export const heldSuffix = "0009";

type Journey = { sent: number; delivered: number; read: number };

export function decideOutcome(facts: MessageFacts, seed: string, forced?: ForcedOutcome): Outcome[] {
  const random = createRandom(hash(`${seed}:${facts.recipient}`));
  const journey = drawJourney(random);
  if (forced) return "code" in forced ? fail(forced.code, journey) : walk(journey, forced.status);

  const code = ruleBroken(facts) ?? failures[facts.recipient.slice(-4)];
  if (code !== undefined) return fail(code, journey);
  return magicJourney(facts, journey) ?? randomJourney(facts, journey, random);
}

/** Refusals that Meta tells by webhook only, after it has accepted the message. */
function ruleBroken(facts: MessageFacts): number | undefined {
  if (facts.freeForm && !facts.windowOpen) return 131047;
  if (facts.brokenMedia) return 131053;
  if (facts.blocked) return 130403;
  if (facts.marketing && facts.stoppedMarketing) return 131050;
  if (facts.overMessagingLimit) return 131048;
  return undefined;
}

function magicJourney(facts: MessageFacts, journey: Journey): Outcome[] | null {
  const delivered = walk(journey, "delivered");
  switch (facts.recipient.slice(-4)) {
    case "0001":
      return delivered;
    case "0002":
      return walk(journey, "sent");
    case "0003":
      return [step(journey, "sent"), { ...step(journey, "read"), priced: true }];
    case "0009":
    case "0011":
    case "0429":
    case "0500":
    case "0503":
    case "0504":
    case "0056":
      return walk(journey, "read");
    case "0010":
      return shuffledTwice(journey);
    case "0012":
      return [...delivered, replyAfter(journey, { type: "text", text: "STOP" })];
    case "0013":
      return [...delivered, ...tap(facts, journey, 0)];
    case "0014":
      return [...delivered, replyAfter(journey, { type: "text", text: "Hi, who is this?" })];
    default:
      return null;
  }
}

/** Shares of a healthy list: about 96 % delivered, 62 % of those read, 3 % of those answering. */
function randomJourney(facts: MessageFacts, journey: Journey, random: Random): Outcome[] {
  const fate = random();
  const reads = random() < 0.62;
  const answers = random() < 0.03;
  const answer = random();
  if (fate < 0.02) return fail(131026, journey);
  if (fate < 0.028 && facts.marketing) return fail(131049, journey);
  if (fate < 0.04) return walk(journey, "sent");
  if (!reads) return walk(journey, "delivered");
  const read = walk(journey, "read");
  if (!answers) return read;
  if (answer < 0.15) return [...read, replyAfter(journey, { type: "text", text: "Stop" })];
  if (answer < 0.5 && facts.quickReplies.length > 0) return [...read, ...tap(facts, journey, answer / 0.5)];
  const words = ["Thanks!", "How much is it?", "Is this still on on Sunday? 🙂", "Grüße, bin dabei"];
  return [
    ...read,
    replyAfter(journey, { type: "text", text: words[Math.floor(answer * words.length)] ?? "Thanks!" }),
  ];
}

/** 50-500 ms to the servers, 0.5-5 s to the phone, 1-15 s to the eyes. */
function drawJourney(random: Random): Journey {
  const sent = 50 + random() * 450;
  const delivered = sent + 500 + random() * 4500;
  return { sent, delivered, read: delivered + 1000 + random() * 14_000 };
}

const fail = (code: number, journey: Journey): Outcome[] => [{ after: journey.sent, status: "failed", code }];

/** "Pricing": the object comes with `sent` and with one of delivered and read. */
const step = (journey: Journey, status: "sent" | "delivered" | "read") => ({
  after: journey[status],
  status,
  priced: status !== "read",
});

function walk(journey: Journey, until: "sent" | "delivered" | "read"): Outcome[] {
  const steps = [step(journey, "sent"), step(journey, "delivered"), step(journey, "read")];
  return steps.slice(0, { sent: 1, delivered: 2, read: 3 }[until]);
}

/** Read, delivered, sent: at one moment, so that they travel in this order, and all of them a second time. */
function shuffledTwice(journey: Journey): Outcome[] {
  const reversed = walk(journey, "read").reverse();
  return [journey.sent, journey.sent + 1000].flatMap((after) =>
    reversed.map((outcome) => ({ ...outcome, after })),
  );
}

const replyAfter = (journey: Journey, reply: Reply): Outcome => ({ after: journey.read + 500, reply });

function tap({ quickReplies }: MessageFacts, journey: Journey, choice: number): Outcome[] {
  const button = quickReplies[Math.floor(choice * quickReplies.length)];
  if (!button) return [];
  const reply: Reply = button.interactive
    ? { type: "button_reply", id: button.payload, title: button.text }
    : { type: "button", payload: button.payload, text: button.text };
  return [replyAfter(journey, reply)];
}
