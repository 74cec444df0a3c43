"use client";

import { FileText, Upload } from "lucide-react";
import { type ChangeEvent, type ComponentProps, type DragEvent, useId, useState } from "react";
import { useFieldControl } from "@/components/ui/field";
import { cn } from "@/lib/utils";

type Props = Pick<
  ComponentProps<"input">,
  "id" | "name" | "ref" | "onBlur" | "disabled" | "aria-describedby" | "aria-invalid"
> & {
  file: File | null;
  /** The file as it came: dropping ignores `accept`, so look at what arrives. */
  onChange: (file: File) => void;
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

/** One native file input over the whole area: click, drop, or press Enter on it. */
export function FileDrop({ file, onChange, accept, label, hint, className, ...props }: Props) {
  const ownId = useId();
  const control = useFieldControl(props);
  const id = control.id ?? ownId;
  const [isOver, setOver] = useState(false);
  const Icon = file ? FileText : Upload;

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped && !control.disabled) onChange(dropped);
  };

  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const [chosen] = event.target.files ?? [];
    if (chosen) onChange(chosen);
    // So that the same file, corrected in the meantime, can be chosen again.
    event.target.value = "";
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the input inside does the same by keyboard
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        "relative grid min-h-34 content-center justify-items-center gap-1 rounded-lg border-2 border-border-strong border-dashed bg-surface px-6 py-5 text-center transition-colors focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-2 hover:border-primary has-aria-invalid:border-danger has-disabled:opacity-50",
        file && "border-primary border-solid",
        isOver && "border-primary bg-primary-soft",
        className,
      )}
    >
      <Icon aria-hidden className="mb-1 size-6 text-primary" />
      {file && (
        <span className="max-w-full truncate font-medium text-sm">
          {file.name} <span className="font-normal text-muted-foreground">{formatSize(file.size)}</span>
        </span>
      )}
      <label htmlFor={id} className={cn("text-sm", file ? "text-primary underline" : "font-medium")}>
        {file ? "Choose another file" : label}
        {!file && <span className="font-normal text-muted-foreground"> or drop it here</span>}
      </label>
      {hint && !file && <span className="text-muted-foreground text-xs">{hint}</span>}
      <input
        {...control}
        id={id}
        type="file"
        accept={accept}
        onChange={choose}
        className="absolute inset-0 cursor-pointer opacity-0 disabled:cursor-not-allowed"
      />
      <span role="status" className="sr-only">
        {file && `Chosen: ${file.name}`}
      </span>
    </div>
  );
}
