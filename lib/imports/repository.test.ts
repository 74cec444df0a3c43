import { describe, expect, test } from "vitest";
import { db } from "@/lib/db";
import { type Chunk, importRepository, MAX_KEPT_REJECTIONS } from "@/lib/imports/repository";
import type { ImportOptions } from "@/lib/imports/schema";
import type { UserId } from "@/lib/tenant";
import { createUser } from "@/lib/testing/factories";

const options: ImportOptions = {
  columns: ["phone"],
  mapping: { phone: "phone", custom: {} },
  defaultCountry: "IN",
  tags: [],
  agreed: true,
  existing: "fill",
};

async function begin(userId: UserId) {
  const { id } = await importRepository.create(userId, { fileName: "people.csv", totalRows: 0 });
  await importRepository.start(userId, id, options, "Signed at the counter");
  return { id, job: { options, consentStatement: "Signed at the counter", position: 0 } };
}

const contact = (phone: string, line: number, tag: string): Chunk["contacts"][number] => ({
  phone,
  name: null,
  email: null,
  tags: [tag],
  metadata: {},
  agreed: true,
  line,
});

describe("apply", () => {
  test("chunks with the same people in opposite order do not lock each other out", async () => {
    const userId = await createUser();
    const phones = Array.from({ length: 2000 }, (_, index) => `+9198${10_000_000 + index}`);
    const reversed = phones.toReversed();

    for (const round of ["new", "known"]) {
      const imports = await Promise.all([1, 2, 3, 4].map(() => begin(userId)));
      const applied = await Promise.all(
        imports.map(({ id, job }, index) => {
          const contacts = (index % 2 ? reversed : phones).map((phone, line) =>
            contact(phone, line, `${round}${index}`),
          );
          return importRepository.apply(userId, id, job, { contacts, rejected: [] });
        }),
      );
      expect(applied).toEqual([true, true, true, true]);
    }

    expect(
      await db.contact.count({ where: { userId, tags: { hasEvery: ["new0", "new3", "known0", "known3"] } } }),
    ).toBe(2000);
    expect(await db.consentEvent.count({ where: { userId } })).toBe(2000);
  });

  test("does nothing for a position that is not the next one, a stranger, or an import that has ended", async () => {
    const [userId, stranger] = await Promise.all([createUser(), createUser()]);
    const { id, job } = await begin(userId);
    const chunk = { contacts: [contact("+919812345678", 2, "a")], rejected: [] };

    expect(await importRepository.apply(stranger, id, job, chunk)).toBe(false);
    expect(await importRepository.apply(userId, id, { ...job, position: 1 }, chunk)).toBe(false);
    expect(await importRepository.apply(userId, id, job, chunk)).toBe(true);
    expect(await importRepository.apply(userId, id, job, chunk)).toBe(false);
    await importRepository.complete(userId, id);
    expect(await importRepository.apply(userId, id, { ...job, position: 1 }, chunk)).toBe(false);

    expect(await importRepository.get(userId, id)).toMatchObject({
      status: "completed",
      createdCount: 1,
      totalRows: 1,
    });
  });

  test("counts every rejected row, but keeps only so many", async () => {
    const userId = await createUser();
    const { id, job } = await begin(userId);
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ line: from + index, reason: "x", cells: [] }));

    await importRepository.apply(userId, id, job, {
      contacts: [],
      rejected: rows(2, MAX_KEPT_REJECTIONS - 1),
    });
    await importRepository.apply(
      userId,
      id,
      { ...job, position: MAX_KEPT_REJECTIONS - 1 },
      { contacts: [], rejected: rows(MAX_KEPT_REJECTIONS + 1, 5) },
    );

    const { rows: kept } = await importRepository.listRejected(userId, id);
    expect(kept).toHaveLength(MAX_KEPT_REJECTIONS);
    expect(kept.at(-1)?.line).toBe(MAX_KEPT_REJECTIONS + 1);
    expect(await importRepository.get(userId, id)).toMatchObject({ rejectedCount: MAX_KEPT_REJECTIONS + 4 });
  });
});

test("a failed import stays failed and says why", async () => {
  const userId = await createUser();
  const { id } = await begin(userId);

  await importRepository.fail(userId, id, "The file is gone");
  await importRepository.complete(userId, id);

  expect(await importRepository.findJob(userId, id)).toBeNull();
  expect(await importRepository.get(userId, id)).toMatchObject({
    status: "failed",
    errorMessage: "The file is gone",
  });
});
