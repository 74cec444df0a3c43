import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Business, tierLimits } from "./model";

const dayMs = 24 * 3600 * 1000;

/** Where a restart has to begin to read the ledger, and how long the ledger was when the rest was written down. */
export type Checkpoint = { position: number; bytes: number; seq: number };

type Saved = Checkpoint & { windows: [string, number][]; initiated: [string, [string, number][]][] };

export type Activity = ReturnType<typeof openActivity>;

/**
 * What people did in the last 24 hours. It changes with every message, so it is saved now and then only; the ledger
 * has what came after.
 */
export function openActivity(dir: string) {
  const file = join(dir, "activity.json");
  const saved = readSaved(file);
  let savedBytes = saved.bytes;
  const windows = new Map<string, number>(saved.windows);
  const initiated = new Map(saved.initiated.map(([id, people]) => [id, new Map(people)]));

  function forgetOld(people: Map<string, number>, now: number) {
    for (const [userId, at] of people) {
      if (now - at < dayMs) break;
      people.delete(userId);
    }
  }

  function peopleOf(businessId: string): Map<string, number> {
    const known = initiated.get(businessId);
    if (known) return known;
    const people = new Map<string, number>();
    initiated.set(businessId, people);
    return people;
  }

  const noteInitiated = (businessId: string, userId: string, at: number) => {
    const people = peopleOf(businessId);
    people.delete(userId);
    people.set(userId, at);
  };

  return {
    checkpoint: { position: saved.position, bytes: saved.bytes, seq: saved.seq } satisfies Checkpoint,
    savedBytes: () => savedBytes,
    /** "Customer service window": 24 h from the last message of the user to this very number. */
    openWindow: (phoneNumberId: string, userId: string, at: number) => {
      const key = `${phoneNumberId} ${userId}`;
      windows.set(key, Math.max(at, windows.get(key) ?? 0));
    },
    isWindowOpen: (phoneNumberId: string, userId: string, now: number): boolean => {
      const at = windows.get(`${phoneNumberId} ${userId}`);
      return at !== undefined && now - at < dayMs;
    },
    /** "Messaging limits": unique users outside a window in a rolling 24 h, for all numbers of the portfolio. */
    takeInitiated: (business: Business, userId: string, now: number): boolean => {
      const people = peopleOf(business.id);
      const limit = tierLimits[business.tier];
      if (people.size >= limit && now - (people.get(userId) ?? 0) >= dayMs) {
        forgetOld(people, now);
        if (people.size >= limit) return false;
      }
      noteInitiated(business.id, userId, now);
      return true;
    },
    noteInitiated,
    countInitiated: (businessId: string, now: number): number => {
      const people = peopleOf(businessId);
      forgetOld(people, now);
      return people.size;
    },
    save: (checkpoint: Checkpoint) => {
      for (const people of initiated.values()) forgetOld(people, Date.now());
      const content: Saved = {
        ...checkpoint,
        windows: [...windows],
        initiated: Array.from(initiated, ([id, people]) => [id, [...people]]),
      };
      writeFileSync(`${file}.next`, JSON.stringify(content), { mode: 0o600 });
      renameSync(`${file}.next`, file);
      savedBytes = checkpoint.bytes;
    },
  };
}

/** A damaged file only costs time: everything is read from the ledger again. */
function readSaved(file: string): Saved {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Saved;
  } catch {
    return { position: 0, bytes: 0, seq: 0, windows: [], initiated: [] };
  }
}
