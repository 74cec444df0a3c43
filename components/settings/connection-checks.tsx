"use client";

import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import type { ConnectionCheck } from "@/lib/users/schema";
import { cn } from "@/lib/utils";

const states = {
  ok: { icon: CircleCheck, tone: "text-success", words: "All right" },
  warning: { icon: TriangleAlert, tone: "text-warning", words: "Warning" },
  error: { icon: CircleAlert, tone: "text-danger", words: "Problem" },
};

export function ConnectionChecks({ checks }: { checks: ConnectionCheck[] }) {
  return (
    <div role="status" aria-label="Result of the check">
      <ul className="grid gap-3">
        {checks.map(({ name, state, detail }) => {
          const { icon: Icon, tone, words } = states[state];
          return (
            <li key={`${name} ${detail}`} className="flex items-start gap-2.5">
              <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", tone)} />
              <div className="grid min-w-0 gap-0.5">
                <p className="font-medium">
                  <span className="sr-only">{words}: </span>
                  {name}
                </p>
                <p className="break-words text-muted-foreground">{detail}</p>
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
