/**
 * One look at a time, however many ask: whoever asks during one shares the next, which sees everything that was there
 * when they asked.
 */
export function inTurns<T>(look: () => Promise<T>): () => Promise<T> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= current.then(() => {
      next = null;
      const looking = look();
      current = looking.catch(() => undefined);
      return looking;
    });
    return next;
  };
}
