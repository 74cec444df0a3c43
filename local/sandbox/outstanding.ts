export type Outstanding = ReturnType<typeof createOutstanding>;

/** Messages and events whose last webhook has not been acknowledged, with their place in the ledger. */
export function createOutstanding() {
  /** Insertion order is order in the ledger, so the first entry is the oldest. */
  const open = new Map<string, number>();
  return {
    add: (id: string, position: number) => {
      open.set(id, position);
    },
    remove: (id: string) => {
      open.delete(id);
    },
    size: () => open.size,
    /** A restart has to read the ledger from here on: everything before is settled. */
    watermark: (end: number): number => {
      for (const position of open.values()) return Math.min(position, end);
      return end;
    },
  };
}
