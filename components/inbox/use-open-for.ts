import { useEffect, useState } from "react";

/** Counts down what the server said, by this computer's clock but not by its date (ms). */
export function useOpenFor(openForMs: number): number {
  const [left, setLeft] = useState(openForMs);
  useEffect(() => {
    const end = performance.now() + openForMs;
    const tick = () => setLeft(Math.max(0, end - performance.now()));
    tick();
    if (openForMs === 0) return;
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [openForMs]);
  return left;
}
