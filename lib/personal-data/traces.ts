import { Buffer } from "node:buffer";

/** What tells, in a document of WhatsApp, whom something in it is about. */
export type Traces = {
  /** The person's number, as we and as WhatsApp write it, and WhatsApp's id of the person. */
  names: string[];
  /** WhatsApp's ids of their messages. */
  whatsappMessageIds: string[];
  /** Our own ids of their messages, which WhatsApp repeats, followed by the number of an attempt. */
  messageIds: string[];
};

/** A document without what is about somebody, and what was taken out. */
export type Split = { rest: unknown; theirs: unknown[] };

const UUID_LENGTH = 36;

/** Whether WhatsApp's id of a message has one of these numbers in it: it is base64 of fields, the number among them. */
export function holdsNumber(whatsappMessageId: string, names: string[]): boolean {
  const inside = Buffer.from(whatsappMessageId.replace(/^wamid\./, ""), "base64").toString("latin1");
  return names.some((name) => /^\d{7,}$/.test(name) && inside.includes(name));
}

/**
 * Takes the smallest items of lists out that name a person: one status, one message, one change. What is about others
 * in the same document stays as it came.
 */
export function splitByPerson(document: unknown, traces: Traces): Split {
  const { names, whatsappMessageIds, messageIds } = traces;
  const known = new Set([...names, ...whatsappMessageIds]);
  const own = new Set(messageIds);
  const isTheirs = (value: unknown) =>
    typeof value === "string" && (known.has(value) || own.has(value.slice(0, UUID_LENGTH)));

  function mentions(value: unknown): boolean {
    if (typeof value !== "object" || value === null) return isTheirs(value);
    return Object.values(value).some(mentions);
  }

  function split(value: unknown): Split {
    if (typeof value !== "object" || value === null) return { rest: value, theirs: [] };
    const theirs: unknown[] = [];
    if (!Array.isArray(value)) {
      const entries = Object.entries(value).map(([key, each]) => {
        const inside = split(each);
        theirs.push(...inside.theirs);
        return [key, inside.rest] as const;
      });
      return { rest: Object.fromEntries(entries), theirs };
    }
    const rest: unknown[] = [];
    for (const item of value) {
      const inside = split(item);
      if (mentions(inside.rest)) theirs.push(item);
      else {
        rest.push(inside.rest);
        theirs.push(...inside.theirs);
      }
    }
    return { rest, theirs };
  }

  return split(document);
}
