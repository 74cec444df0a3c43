"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";

type Props = {
  content: ReactNode;
  side?: ComponentProps<typeof Radix.Content>["side"];
  /** One element that takes focus, such as a button. */
  children: ReactNode;
};

/** Extra help only: nobody on a touch screen will see it. */
export function Tooltip({ content, side = "top", children }: Props) {
  return (
    <Radix.Provider delayDuration={300}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          {/* Read out as the trigger's description, so the box itself is for the eyes. */}
          <div aria-hidden>
            <Radix.Content
              {...(side && { side })}
              sideOffset={6}
              collisionPadding={8}
              className="z-50 max-w-64 animate-fade-in rounded-md bg-foreground px-2.5 py-1.5 text-background text-xs shadow-md"
            >
              {content}
            </Radix.Content>
          </div>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
