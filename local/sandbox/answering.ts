import type { Fault } from "./faults";
import { type GraphError, refusal } from "./graph-error";
import type { Settings } from "./settings";
import type { AcceptedMessage } from "./traffic";

/** How an answer leaves, or does not. */
export type Responder = {
  send: (status: number, body: string, headers?: Readonly<Record<string, string>>) => void;
  drop: () => void;
  truncate: (status: number, body: string) => void;
};

/** What is answered to a send, and whether a message was accepted with it. */
export type Decision = {
  status: number;
  body: string;
  code?: number;
  accepted?: AcceptedMessage;
  headers?: Readonly<Record<string, string>>;
};

export function errorDecision(
  error: GraphError,
  settings: Settings,
  headers?: Readonly<Record<string, string>>,
): Decision {
  const status = [4, 80007, 130429].includes(error.code) ? settings.rateLimitStatus : error.http;
  return { status, body: error.toBody(), code: error.code, ...(headers && { headers }) };
}

/** A fault that strikes before anything is decided. */
export function preempt(fault: Fault | null, settings: Settings): Decision | null {
  if (fault?.kind === "graph_error" && fault.when === "before")
    return errorDecision(faultError(fault), settings, fault.headers);
  if (fault?.kind === "http" && fault.when === "before") {
    return { status: fault.status, body: fault.body, ...(fault.headers && { headers: fault.headers }) };
  }
  if ((fault?.kind === "drop" || fault?.kind === "hang") && fault.when === "before")
    return { status: 0, body: "" };
  return null;
}

export type Told = {
  how: "send" | "drop" | "hang" | "truncate";
  status: number;
  body: string;
  headers: Readonly<Record<string, string>>;
  delayMs: number;
  webhookFirst: boolean;
};

/** What the caller gets to see of a decision: 0011 and 0504 of the magic numbers, and the faults that come after. */
export function tell(decision: Decision, fault: Fault | null, recipient: string): Told {
  const accepted = decision.accepted !== undefined;
  const told: Told = {
    how: "send",
    status: decision.status,
    body: decision.body,
    headers: decision.headers ?? {},
    delayMs: fault?.kind === "delay" ? fault.ms : 0,
    webhookFirst:
      accepted && !decision.accepted?.held && (fault?.kind === "webhook_first" || recipient.endsWith("0011")),
  };
  if (fault?.kind === "drop" || fault?.kind === "hang") return { ...told, how: fault.kind };
  if (!accepted) return told;
  if (recipient.endsWith("0504")) return { ...told, how: "drop" };
  if (fault?.kind === "truncate") return { ...told, how: "truncate" };
  if (fault?.kind === "http")
    return { ...told, status: fault.status, body: fault.body, headers: fault.headers ?? {} };
  if (fault?.kind === "graph_error") {
    const error = faultError(fault);
    return { ...told, status: error.http, body: error.toBody(), headers: fault.headers ?? {} };
  }
  return told;
}

export const faultError = (fault: Extract<Fault, { kind: "graph_error" }>): GraphError =>
  refusal(fault.code, fault.details, fault.http);

export function leave(responder: Responder, { how, status, body, headers }: Told): void {
  if (how === "send") responder.send(status, body, headers);
  else if (how === "truncate") responder.truncate(status, body);
  else if (how === "drop") responder.drop();
}
