import { useMemo } from "react";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";

/** A browser shows more only with difficulty. */
const MAX_SHOWN = 200_000;

export function Payload({ id, payload }: { id: string; payload: unknown }) {
  const text = useMemo(() => JSON.stringify(payload, null, 2), [payload]);
  const isCut = text.length > MAX_SHOWN;
  return (
    <Card>
      <CardHeader className="flex items-center justify-between gap-4">
        <CardTitle>What WhatsApp sent</CardTitle>
        <CopyButton value={text} label="payload" />
      </CardHeader>
      <CardContent className="grid gap-3">
        {isCut && (
          <p className="text-muted-foreground text-sm">
            Only the beginning is shown.{" "}
            <a href={`/api/webhook-events/${id}`} className="text-primary underline underline-offset-4">
              Open all of it
            </a>
            .
          </p>
        )}
        <section
          aria-label="Payload"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-[36rem] overflow-auto rounded-md border bg-muted"
        >
          <pre className="p-4 font-mono text-xs leading-5">{text.slice(0, MAX_SHOWN)}</pre>
        </section>
      </CardContent>
    </Card>
  );
}
