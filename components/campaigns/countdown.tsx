"use client";

import { useEffect, useState } from "react";
import { formatDuration } from "@/lib/campaigns/numbers";

/** "in 3 hours 12 minutes". Empty until the browser's clock is known, and not read out as it moves. */
export function Countdown({ until }: { until: Date }) {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (now === null) return null;
  const seconds = (until.getTime() - now) / 1000;
  return (
    <span className="tabular-nums">{seconds > 0 ? `in ${formatDuration(seconds)}` : "any moment now"}</span>
  );
}
