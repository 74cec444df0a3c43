"use client";

import { AlertDialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { closeListFirst, DialogFooter, overlayClasses } from "@/components/ui/dialog";

type Props = {
  /** The button that opens it; or drive it with `open` and `onOpenChange`. */
  trigger?: ReactNode;
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  /** A question that names the act: "Delete the campaign “Spring offer”?" */
  title: ReactNode;
  /** What will happen, and what cannot be undone. */
  children: ReactNode;
  /** The act again, as a verb: "Delete campaign". */
  confirmLabel: string;
  cancelLabel?: string | undefined;
  tone?: "primary" | "danger" | undefined;
  /** Closes when it resolves; when it rejects, stays open and shows the error's message. */
  onConfirm: () => Promise<unknown>;
  /** Gives the focus back where there is no trigger to return to. */
  onClosed?: (() => void) | undefined;
};

export function ConfirmDialog({
  trigger,
  open,
  onOpenChange,
  title,
  children,
  confirmLabel,
  cancelLabel = "Cancel",
  tone = "primary",
  onConfirm,
  onClosed,
}: Props) {
  const [isOpenInside, setOpenInside] = useState(false);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const setOpen = (next: boolean) => {
    setError(null);
    setOpenInside(next);
    onOpenChange?.(next);
  };

  const confirm = async () => {
    setPending(true);
    setError(null);
    try {
      await onConfirm();
      setOpen(false);
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : "That did not work. Please try again.");
    } finally {
      setPending(false);
    }
  };

  return (
    <AlertDialog.Root open={open ?? isOpenInside} onOpenChange={(next) => !isPending && setOpen(next)}>
      {trigger && <AlertDialog.Trigger asChild>{trigger}</AlertDialog.Trigger>}
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayClasses} />
        <AlertDialog.Content
          onEscapeKeyDown={closeListFirst}
          onOpenAutoFocus={(event) => {
            const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>("input, textarea");
            if (!field) return;
            event.preventDefault();
            field.focus();
          }}
          onCloseAutoFocus={onClosed}
          className="fixed inset-x-0 bottom-0 z-50 grid max-h-[90dvh] animate-pop-in gap-3 overflow-y-auto rounded-t-xl border bg-raised p-5 shadow-lg sm:inset-0 sm:m-auto sm:h-fit sm:w-[calc(100%-2rem)] sm:max-w-md sm:rounded-xl"
        >
          <AlertDialog.Title className="font-semibold text-base leading-6">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="text-muted-foreground text-sm">{children}</div>
          </AlertDialog.Description>
          {error && (
            <Alert tone="danger" announce>
              {error}
            </Alert>
          )}
          <DialogFooter className="pt-2">
            <AlertDialog.Cancel asChild>
              <Button variant="secondary" disabled={isPending}>
                {cancelLabel}
              </Button>
            </AlertDialog.Cancel>
            <Button variant={tone} loading={isPending} onClick={confirm}>
              {confirmLabel}
            </Button>
          </DialogFooter>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
