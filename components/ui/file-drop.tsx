"use client";

import { FileText, Upload } from "lucide-react";
import { type ComponentProps, type DragEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { useFieldControl } from "@/components/ui/field";
import { cn } from "@/lib/utils";

type Props = Pick<
  ComponentProps<"input">,
  "id" | "name" | "disabled" | "aria-describedby" | "aria-invalid"
> & {
  file: File | null;
  /** The chosen file, unchecked: dropping ignores `accept`, so look at what arrives. Null when it is taken away. */
  onChange: (file: File | null) => void;
  /** As in `<input type="file">`, such as ".csv,text/csv". */
  accept?: string | undefined;
  /** What to do here, such as "Choose a CSV file". */
  label: string;
  hint?: string | undefined;
  className?: string | undefined;
};

const sizes = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${sizes.format(kilobytes)} KB` : `${sizes.format(kilobytes / 1024)} MB`;
}

export function FileDrop({ file, onChange, accept, label, hint, className, ...props }: Props) {
  const control = useFieldControl(props);
  const [isOver, setOver] = useState(false);

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped && !control.disabled) onChange(dropped);
  };

  if (file) {
    return (
      <div className={cn("flex items-center gap-3 rounded-lg border bg-surface px-4 py-3", className)}>
        <FileText aria-hidden className="size-5 shrink-0 text-primary" />
        <div className="grid min-w-0 flex-1">
          <span className="truncate font-medium text-sm">{file.name}</span>
          <span className="text-muted-foreground text-xs">{formatSize(file.size)}</span>
        </div>
        <Button
          variant="secondary"
          size="sm"
          disabled={control.disabled}
          aria-label={`Choose another file instead of ${file.name}`}
          onClick={() => onChange(null)}
        >
          Change
        </Button>
      </div>
    );
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the file input inside does the same by keyboard
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        "relative grid justify-items-center gap-1 rounded-lg border-2 border-border-strong border-dashed bg-surface px-6 py-8 text-center transition-colors focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-2 hover:border-primary",
        isOver && "border-primary bg-primary-soft",
        className,
      )}
    >
      <Upload aria-hidden className="mb-1 size-6 text-primary" />
      <span aria-hidden className="font-medium text-sm">
        {label} <span className="font-normal text-muted-foreground">or drop it here</span>
      </span>
      {hint && <span className="text-muted-foreground text-xs">{hint}</span>}
      <input
        {...control}
        type="file"
        accept={accept}
        aria-label={label}
        title=""
        onChange={(event) => onChange(event.target.files?.[0] ?? null)}
        className="absolute inset-0 cursor-pointer opacity-0 disabled:cursor-not-allowed"
      />
    </div>
  );
}
