import { useEffect, useState } from "react";
import { addSample, rateOf, type Sample } from "@/lib/campaigns/pace";

/** Messages per second that leave the queue, from one look to the next; null while too little is known. */
export function useRate(count: number, at: number): number | null {
  const [samples, setSamples] = useState<Sample[]>([]);
  useEffect(() => setSamples((known) => addSample(known, { at, count })), [at, count]);
  return rateOf(samples);
}
