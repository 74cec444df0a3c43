"use client";

import { cn } from "@/lib/utils";

type Props = { id: string; options: string[]; active: number; onChoose: (option: string) => void };

/** The list under a combobox; the text box keeps the focus and points here with `aria-activedescendant`. */
export function Suggestions({ id, options, active, onChoose }: Props) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Suggestions"
      hidden={options.length === 0}
      className="absolute inset-x-0 top-full z-30 mt-1.5 max-h-60 overflow-y-auto rounded-lg border bg-raised p-1 shadow-lg"
    >
      {options.map((option, index) => (
        <div
          key={option}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          // Before the text box loses the focus, which would close the list.
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(option);
          }}
          className={cn(
            "cursor-pointer rounded-sm px-2 py-1.5 text-sm hover:bg-muted",
            index === active && "bg-muted",
          )}
        >
          {option}
        </div>
      ))}
    </div>
  );
}
