"use client";

import { RotateCcw } from "lucide-react";
import { Button } from "@/components/ui/button";

type Props = { error: unknown; retry: () => void };

const digestOf = (error: unknown) =>
  error instanceof Error && "digest" in error && typeof error.digest === "string" ? error.digest : null;

/** Says that something failed without telling what: the server's log has the rest under the same reference. */
export function ErrorState({ error, retry }: Props) {
  const digest = digestOf(error);
  return (
    <div role="alert" className="mx-auto grid max-w-md justify-items-center gap-3 px-4 py-16 text-center">
      <h1 className="font-semibold text-xl">This page could not be shown</h1>
      <p className="text-muted-foreground">
        Something failed on our side. Nothing you entered elsewhere is lost, and campaigns keep running.
      </p>
      <Button onClick={() => retry()}>
        <RotateCcw aria-hidden />
        Try again
      </Button>
      {digest && (
        <p className="text-muted-foreground text-xs">
          Reference <code className="font-mono">{digest}</code>
        </p>
      )}
    </div>
  );
}
