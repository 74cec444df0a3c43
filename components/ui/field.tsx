"use client";

import { CircleAlert } from "lucide-react";
import { type ComponentProps, createContext, type ReactNode, useContext, useId } from "react";
import { Label } from "@/components/ui/label";
import { cn } from "@/lib/utils";

type FieldContext = { id: string; describedBy: string | undefined; isInvalid: boolean };

const Context = createContext<FieldContext | null>(null);

type ControlProps = Pick<ComponentProps<"input">, "id" | "aria-describedby" | "aria-invalid">;

/** Gives a control the id, description and validity of the field around it. */
export function useFieldControl<P extends ControlProps>(props: P): P {
  const field = useContext(Context);
  if (!field) return props;
  return {
    ...props,
    id: props.id ?? field.id,
    "aria-describedby": [props["aria-describedby"], field.describedBy].filter(Boolean).join(" ") || undefined,
    "aria-invalid": props["aria-invalid"] ?? (field.isInvalid || undefined),
  };
}

type Props = {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  /** Marks the label; a field is required unless it says otherwise. */
  optional?: boolean | undefined;
  /** Puts the control before its label, for a checkbox or a switch. */
  inline?: boolean | undefined;
  /** For a label that the surroundings already make visible. */
  hideLabel?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
};

/** Label, hint and error around exactly one control of `components/ui`. */
export function Field({ label, hint, error, optional, inline, hideLabel, className, children }: Props) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  const errorId = error ? `${id}-error` : undefined;
  const describedBy = [hintId, errorId].filter(Boolean).join(" ") || undefined;

  const heading = (
    <Label htmlFor={id} className={cn(hideLabel && "sr-only", inline && "font-normal")}>
      {label}
      {optional && <span className="font-normal text-muted-foreground text-xs"> (optional)</span>}
    </Label>
  );
  const notes = (
    <>
      {hint && (
        <div id={hintId} className="text-muted-foreground text-xs">
          {hint}
        </div>
      )}
      {error && (
        <p id={errorId} role="alert" className="flex items-start gap-1.5 text-danger text-xs">
          <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
          {error}
        </p>
      )}
    </>
  );

  return (
    <Context value={{ id, describedBy, isInvalid: Boolean(error) }}>
      {inline ? (
        <div className={cn("flex items-start gap-2.5", className)}>
          {children}
          <div className="grid gap-1">
            {heading}
            {notes}
          </div>
        </div>
      ) : (
        <div className={cn("grid min-w-0 content-start gap-1.5", className)}>
          {heading}
          {children}
          {notes}
        </div>
      )}
    </Context>
  );
}
