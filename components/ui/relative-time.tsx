"use client";

import { useEffect, useState } from "react";
import { formatRelativeTime } from "@/components/ui/time-format";

type Props = { dateTime: string; title: string; className: string | undefined };

/** Use `Time` with the style "relative". Server and browser may differ by a second, and it corrects itself. */
export function RelativeTime({ dateTime, title, className }: Props) {
  const [now, setNow] = useState(() => Date.now());

  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);

  return (
    <time dateTime={dateTime} title={title} className={className} suppressHydrationWarning>
      {formatRelativeTime(new Date(dateTime), now)}
    </time>
  );
}
