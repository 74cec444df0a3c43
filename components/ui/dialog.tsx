"use client";

import { X } from "lucide-react";
import { Dialog as RadixDialog } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/utils";

export const Dialog = RadixDialog.Root;
export const DialogTrigger = RadixDialog.Trigger;
export const DialogClose = RadixDialog.Close;

export const overlayClasses = "fixed inset-0 z-40 animate-fade-in bg-overlay";

/** Escape in a text box with an open list closes the list and not the dialog around it. */
export const closeListFirst = (event: KeyboardEvent) => {
  if (event.target instanceof Element && event.target.matches("[role=combobox][aria-expanded=true]"))
    event.preventDefault();
};

const sizes = { sm: "sm:max-w-sm", md: "sm:max-w-lg", lg: "sm:max-w-3xl" };

type Props = ComponentProps<typeof RadixDialog.Content> & {
  title: ReactNode;
  description?: ReactNode;
  size?: keyof typeof sizes | undefined;
};

/** Slides up from the bottom edge on a phone, floats in the middle elsewhere. */
export function DialogContent({ title, description, size = "md", className, children, ...props }: Props) {
  return (
    <RadixDialog.Portal>
      <RadixDialog.Overlay className={overlayClasses} />
      <RadixDialog.Content
        onEscapeKeyDown={closeListFirst}
        {...(!description && { "aria-describedby": undefined })}
        className={cn(
          "fixed inset-x-0 bottom-0 z-50 flex max-h-[90dvh] animate-pop-in flex-col rounded-t-xl border bg-raised shadow-lg sm:inset-0 sm:m-auto sm:h-fit sm:w-[calc(100%-2rem)] sm:rounded-xl",
          sizes[size],
          className,
        )}
        {...props}
      >
        <div className="grid gap-1 pt-4 pr-14 pb-3 pl-5">
          <RadixDialog.Title className="font-semibold text-base leading-6">{title}</RadixDialog.Title>
          {description && (
            <RadixDialog.Description className="text-muted-foreground text-sm">
              {description}
            </RadixDialog.Description>
          )}
        </div>
        <div className="grid min-h-0 gap-4 overflow-y-auto px-5 pt-1 pb-5">{children}</div>
        {/* Last, so that the first field has the focus when the dialog opens. */}
        <RadixDialog.Close asChild>
          <Button variant="ghost" size="icon" aria-label="Close" className="absolute top-3 right-3">
            <X aria-hidden />
          </Button>
        </RadixDialog.Close>
      </RadixDialog.Content>
    </RadixDialog.Portal>
  );
}

/** The row of buttons at the end of a dialog: put the main one last. */
export function DialogFooter({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      className={cn("flex flex-col-reverse gap-2 pt-1 sm:flex-row sm:justify-end", className)}
      {...props}
    />
  );
}
