/**
 * Collects items and hands them over together: when `size` have come, or `delayMs` after the first. `flush` hands over
 * the rest and settles when all has been written; a batch that could not be written makes it throw.
 */
export function createBatcher<Item>(
  { size, delayMs }: { size: number; delayMs: number },
  write: (items: Item[]) => Promise<void>,
) {
  let items: Item[] = [];
  let timer: NodeJS.Timeout | null = null;
  const writing = new Set<Promise<void>>();
  const failures: unknown[] = [];

  const handOver = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (items.length === 0) return;
    const batch = items;
    items = [];
    const written = write(batch)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => writing.delete(written));
    writing.add(written);
  };

  return {
    add: (item: Item) => {
      items.push(item);
      if (items.length >= size) handOver();
      else timer ??= setTimeout(handOver, delayMs);
    },
    flush: async () => {
      handOver();
      await Promise.all(writing);
      if (failures.length > 0) throw failures[0];
    },
  };
}
