"use client";

import { Search } from "lucide-react";
import type { ComponentProps } from "react";
import { Input } from "@/components/ui/input";

export function SearchInput(props: Omit<ComponentProps<"input">, "type" | "className">) {
  return (
    <div className="relative min-w-0 flex-1">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted-foreground"
      />
      <Input type="search" maxLength={100} className="pl-9" {...props} />
    </div>
  );
}
