/** What became of a file. `rejections` is a digest of every row that was not imported, with its line and the reason. */
export type FileOutcome = {
  status: string;
  total: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  duplicates: number;
  rejections: string | null;
};

/** What an account has afterwards; `content` and `consent` are digests of all its people and of what they agreed to. */
export type PeopleOutcome = { contacts: number; content: string | null; consent: string | null };

export type Outcome = { files: FileOutcome[]; people: PeopleOutcome[] };

/**
 * What must not be. Which of two files was first may differ, and with it who was created by which; all of it together,
 * and what is wrong with a file, may not.
 */
export function violationsBetween(inPeace: Outcome, struck: Outcome): string[] {
  const violations: string[] = [];
  const expectSame = (what: string, expected: unknown, found: unknown) => {
    if (expected !== found) violations.push(`${what}: ${found} instead of ${expected}`);
  };
  for (const [index, expected] of inPeace.files.entries()) {
    const found = struck.files[index];
    const name = `file ${index + 1}`;
    if (!found) {
      violations.push(`${name} is missing`);
      continue;
    }
    const { created, updated, unchanged, rejected, duplicates } = found;
    expectSame(`${name}, status`, "completed", found.status);
    expectSame(`${name}, rows`, expected.total, found.total);
    expectSame(
      `${name}, sum of the counts`,
      found.total,
      created + updated + unchanged + rejected + duplicates,
    );
    expectSame(`${name}, rejected`, expected.rejected, rejected);
    expectSame(`${name}, duplicates`, expected.duplicates, duplicates);
    expectSame(`${name}, rows that were not imported`, expected.rejections, found.rejections);
  }
  for (const [index, expected] of inPeace.people.entries()) {
    const found = struck.people[index];
    const name = `account ${index + 1}`;
    expectSame(`${name}, contacts`, expected.contacts, found?.contacts);
    expectSame(`${name}, what they are`, expected.content, found?.content);
    expectSame(`${name}, what they agreed to`, expected.consent, found?.consent);
  }
  const createdBy = ({ files }: Outcome) => files.reduce((sum, { created }) => sum + created, 0);
  expectSame("created by all files", createdBy(inPeace), createdBy(struck));
  return violations;
}
