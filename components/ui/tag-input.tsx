"use client";

import { X } from "lucide-react";
import { type ComponentProps, type KeyboardEvent, useId, useState } from "react";
import { useFieldControl } from "@/components/ui/field";
import { controlClasses } from "@/components/ui/input";
import { Suggestions } from "@/components/ui/suggestions";
import { cn } from "@/lib/utils";

type Props = Pick<
  ComponentProps<"input">,
  "id" | "name" | "ref" | "placeholder" | "disabled" | "aria-label" | "aria-describedby" | "aria-invalid"
> & {
  value: string[];
  onChange: (value: string[]) => void;
  onBlur?: (() => void) | undefined;
  suggestions?: string[] | undefined;
  className?: string | undefined;
};

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** Enter or a comma adds, Backspace in the empty box removes the last, arrows choose a suggestion. */
export function TagInput({ value, onChange, onBlur, suggestions = [], className, ...props }: Props) {
  const listId = useId();
  const control = useFieldControl(props);
  const id = control.id ?? `${listId}-input`;
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [message, setMessage] = useState("");

  const options = suggestions
    .filter((tag) => !value.some((chosen) => isSame(chosen, tag)))
    .filter((tag) => tag.toLowerCase().includes(text.trim().toLowerCase()))
    .slice(0, 8);
  const isListShown = isOpen && options.length > 0;
  const activeOption = isListShown ? options[active] : undefined;

  const add = (entry: string) => {
    const fresh: string[] = [];
    for (const tag of entry.split(",").map((part) => part.trim())) {
      if (tag && ![...value, ...fresh].some((chosen) => isSame(chosen, tag))) fresh.push(tag);
    }
    setText("");
    setOpen(false);
    setActive(-1);
    if (fresh.length === 0) return;
    onChange([...value, ...fresh]);
    setMessage(`Added ${fresh.join(", ")}`);
  };

  const remove = (tag: string) => {
    onChange(value.filter((chosen) => chosen !== tag));
    setMessage(`Removed ${tag}`);
  };

  const handleKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const last = value.at(-1);
    if (event.key === "Enter" && (activeOption || text.trim())) {
      event.preventDefault();
      add(activeOption ?? text);
    } else if (event.key === "Backspace" && !text && last) {
      remove(last);
    } else if (event.key === "Escape" && isListShown) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length > 0) {
      event.preventDefault();
      setOpen(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((now) =>
        now < 0 && step < 0 ? options.length - 1 : (now + step + options.length) % options.length,
      );
    }
  };

  return (
    <div className={cn("relative", className)}>
      <div
        className={cn(
          controlClasses,
          "flex min-h-9 flex-wrap items-center gap-1 px-1.5 py-1 focus-within:outline-2 focus-within:outline-ring focus-within:outline-offset-2 has-aria-invalid:border-danger",
        )}
      >
        {value.map((tag) => (
          <span
            key={tag}
            className="inline-flex max-w-full items-center gap-0.5 rounded-sm bg-muted py-0.5 pl-2 text-xs"
          >
            <span className="truncate">{tag}</span>
            <button
              type="button"
              aria-label={`Remove ${tag}`}
              disabled={control.disabled}
              onClick={() => {
                remove(tag);
                document.getElementById(id)?.focus();
              }}
              className="grid size-5 place-items-center rounded-sm text-muted-foreground hover:text-foreground"
            >
              <X aria-hidden className="size-3" />
            </button>
          </span>
        ))}
        <input
          {...control}
          id={id}
          type="text"
          role="combobox"
          autoComplete="off"
          aria-expanded={isListShown}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={activeOption ? `${listId}-${active}` : undefined}
          value={text}
          onChange={(event) => {
            setOpen(true);
            setActive(-1);
            if (event.target.value.includes(",")) add(event.target.value);
            else setText(event.target.value);
          }}
          onKeyDown={handleKey}
          onClick={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            add(text);
            onBlur?.();
          }}
          className="h-6 min-w-24 flex-1 bg-transparent px-1.5 outline-none"
        />
      </div>
      <Suggestions id={listId} options={isListShown ? options : []} active={active} onChoose={add} />
      <span role="status" className="sr-only">
        {message}
      </span>
    </div>
  );
}
