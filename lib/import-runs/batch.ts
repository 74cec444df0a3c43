import { CopyLines, copyArray, copyField } from "@/lib/db/copy-text";
import type { ImportedContact } from "@/lib/imports/row";

/** Rows of a file on their way into the database, as lines of COPY. */
export type Batch = {
  /** Up to which row of the file this goes, among the rows of its part. */
  upTo: number;
  contacts: CopyLines;
  rejections: CopyLines;
  rejectedCount: number;
  duplicateCount: number;
  /** By line: of those for whom there may be no room, to say so beside what they wrote. */
  cells: Map<number, string[]>;
};

/** Large enough that sorting pays and round trips do not count, small enough that progress is seen. */
const MAX_ROWS = 20_000;
/** For rows with long values. */
const MAX_LENGTH = 8_000_000;

export const contactColumns = "(line, phone, name, email, tags, metadata, agreed)";
export const rejectionColumns = '("userId", "importId", line, "isDuplicate", reason, cells)';

/** Collects the rows of one part of the numbers, those with an even or an odd one. */
export class BatchBuilder {
  private batch = empty();

  constructor(
    private readonly userId: string,
    private readonly importId: string,
    private readonly keepsCells: boolean,
  ) {}

  addContact(ordinal: number, line: number, contact: ImportedContact, cells: string[]): void {
    const { phone, name, email, tags, metadata, agreed } = contact;
    const text = `${line}\t${phone}\t${copyField(name)}\t${copyField(email)}\t${copyArray(tags)}\t${copyField(JSON.stringify(metadata))}\t${agreed ? "t" : "f"}`;
    this.batch.contacts.add(text);
    if (this.keepsCells) this.batch.cells.set(line, cells);
    this.batch.upTo = ordinal;
  }

  addRejection(ordinal: number, line: number, reason: string, cells: string[], isDuplicate: boolean): void {
    const text = rejectionLine(this.userId, this.importId, { line, reason, cells, isDuplicate });
    this.batch.rejections.add(text);
    if (isDuplicate) this.batch.duplicateCount++;
    else this.batch.rejectedCount++;
    this.batch.upTo = ordinal;
  }

  get isEmpty(): boolean {
    return this.batch.upTo === 0;
  }

  get isFull(): boolean {
    const { contacts, rejections } = this.batch;
    return contacts.count + rejections.count >= MAX_ROWS || contacts.length + rejections.length >= MAX_LENGTH;
  }

  take(): Batch {
    const { batch } = this;
    this.batch = empty();
    return batch;
  }
}

const empty = (): Batch => ({
  upTo: 0,
  contacts: new CopyLines(),
  rejections: new CopyLines(),
  rejectedCount: 0,
  duplicateCount: 0,
  cells: new Map(),
});

type Rejection = { line: number; reason: string; cells: string[]; isDuplicate: boolean };

export const rejectionLine = (userId: string, importId: string, rejection: Rejection): string =>
  `${userId}\t${importId}\t${rejection.line}\t${rejection.isDuplicate ? "t" : "f"}\t${copyField(rejection.reason)}\t${copyArray(rejection.cells)}`;
