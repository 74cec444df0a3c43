import { rm } from "node:fs/promises";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { inngest } from "@/inngest/client";
import { db, sql } from "@/lib/db";
import { env } from "@/lib/env";
import { startUndo, undoImport } from "@/lib/import-undos/service";
import { importRepository } from "@/lib/imports/repository";
import { duplicateModes, existingModes } from "@/lib/imports/schema";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";
import { countsOf, importFile, rows } from "@/lib/testing/imports";
import { seededRandom } from "@/lib/testing/phone-numbers";

await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import("node:fs"), import("node:os")]);
  process.env.UPLOADS_DIR = mkdtempSync(`${tmpdir()}/campanile-uploads-`);
});

afterAll(() => rm(env.UPLOADS_DIR, { recursive: true, force: true }));

beforeEach(() => {
  vi.spyOn(inngest, "send").mockResolvedValue({ ids: [] });
});

const contactsOf = (userId: UserId) =>
  sql<{ phone: string; name: string | null }>`
    SELECT phone, name, email, tags, metadata, "optedIn", "optedInAt", "optedOutAt", "optInSource"
    FROM contacts WHERE "userId" = ${userId} ORDER BY phone`;

/** Few numbers, so that files overlap with themselves and with each other. */
function randomFile(pick: <T>(values: readonly T[]) => T): { file: string; lines: string[][] } {
  const lines = Array.from({ length: 60 }, () => [
    pick(["+91981234560", "0981234561", "981234560", "9.19E+1", "12", "call", "+1212555012"]) +
      pick([0, 1, 2, 3, 4]),
    pick(["Asha", "Ravi", "", "राज", '"Rao, A"', "x".repeat(201)]),
    pick(["", "vip", "VIP;new", "a|b", "t".repeat(51)]),
    pick(["Pune", "", "Goa", "n/a"]),
  ]);
  return { file: rows(...lines.map((cells) => cells.join(","))), lines };
}

test.each([1, 2, 3, 4, 5, 6])(
  "whatever is in the files, every row is counted once, and undoing leaves no trace (%d)",
  async (seed) => {
    const random = seededRandom(seed);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const userId = await createUser();

    for (let round = 1; round <= 3; round++) {
      const { file, lines } = randomFile(pick);
      const before = await contactsOf(userId);
      const agreed = pick([true, false]);
      const options = {
        existing: pick(existingModes),
        duplicates: pick(duplicateModes),
        agreed,
        consentStatement: agreed ? "Signed at the counter" : "",
      };

      const result = await importFile(userId, file, options);

      const [total, created = 0, updated, unchanged, skipped, rejected = 0, duplicates = 0] =
        countsOf(result);
      const after = await contactsOf(userId);
      expect(total).toBe(lines.length);
      expect(created + (updated ?? 0) + (unchanged ?? 0) + (skipped ?? 0) + rejected + duplicates).toBe(
        total,
      );
      expect(after.length - before.length).toBe(created);
      const left = await importRepository.listRejected(userId, result.id, 0);
      expect(left).toHaveLength(rejected + duplicates);
      expect(left.filter(({ isDuplicate }) => isDuplicate)).toHaveLength(duplicates);
      expect(await db.importChange.count({ where: { userId, importId: result.id } })).toBe(updated);
      if (options.existing === "skip") expect([updated, unchanged]).toEqual([0, 0]);

      if (round < 3) continue;
      await startUndo(userId, result.id);
      await undoImport(userId, result.id);
      expect(await contactsOf(userId)).toEqual(before);
    }
  },
);
