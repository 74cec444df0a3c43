"use client";

import { useSelectedLayoutSegment } from "next/navigation";
import type { ReactNode } from "react";
import { cn } from "@/lib/utils";

/** List and conversation side by side on a wide screen, one after the other on a narrow one. */
export function InboxPanes({ list, children }: { list: ReactNode; children: ReactNode }) {
  const isOpen = useSelectedLayoutSegment() !== null;
  return (
    <div className="-mx-4 -my-6 grid h-[calc(100dvh-3.5rem)] grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)] sm:-mx-6 lg:mx-0 lg:my-0 lg:h-[calc(100dvh-4rem)] lg:grid-cols-[21rem_minmax(0,1fr)] lg:overflow-hidden lg:rounded-lg lg:border lg:bg-surface lg:shadow-sm">
      <div className={cn("min-h-0 min-w-0 lg:border-r", isOpen && "hidden lg:block")}>{list}</div>
      <div className={cn("min-h-0 min-w-0", !isOpen && "hidden lg:block")}>{children}</div>
    </div>
  );
}
