"use client";

import { ListFilterPlus, X } from "lucide-react";
import { useState } from "react";
import { ConditionForm } from "@/components/contacts/condition-form";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import type { Condition, Filter } from "@/lib/contact-filters/schema";
import { type Names, wordsFor } from "@/lib/contact-filters/words";

type Props = { filter: Filter; names: Names; onChange: (filter: Filter) => void };

/** The conditions as chips: each can be changed and removed, and another one added. */
export function FilterEditor({ filter, names, onChange }: Props) {
  const [isAdding, setAdding] = useState(false);
  const replace = (index: number, next: Condition[]) =>
    onChange(filter.flatMap((condition, at) => (at === index ? next : [condition])));
  return (
    <ul aria-label="Conditions" className="flex flex-wrap items-center gap-2">
      {filter.map((condition, index) => (
        <Chip
          key={JSON.stringify(condition)}
          condition={condition}
          words={wordsFor(condition, names)}
          onChange={(next) => replace(index, [next])}
          onRemove={() => replace(index, [])}
        />
      ))}
      <li>
        <Dialog open={isAdding} onOpenChange={setAdding}>
          <DialogTrigger asChild>
            <Button variant="secondary" size="sm">
              <ListFilterPlus aria-hidden />
              Add condition
            </Button>
          </DialogTrigger>
          <DialogContent title="Add a condition" description="People must meet all conditions.">
            <ConditionForm
              onSubmit={(condition) => {
                setAdding(false);
                onChange([...filter, condition]);
              }}
            />
          </DialogContent>
        </Dialog>
      </li>
    </ul>
  );
}

type ChipProps = {
  condition: Condition;
  words: string;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
};

function Chip({ condition, words, onChange, onRemove }: ChipProps) {
  const [isOpen, setOpen] = useState(false);
  const isFixed = condition.field === "search" || condition.field === "imported";
  return (
    <li className="inline-flex h-8 max-w-full items-center rounded-full border border-border-strong bg-surface text-xs">
      {isFixed ? (
        <span className="truncate pl-3">{words}</span>
      ) : (
        <Dialog open={isOpen} onOpenChange={setOpen}>
          <DialogTrigger asChild>
            <button type="button" className="h-full min-w-0 truncate rounded-full pl-3 hover:underline">
              {words}
            </button>
          </DialogTrigger>
          <DialogContent title="Change the condition">
            <ConditionForm
              condition={condition}
              onSubmit={(next) => {
                setOpen(false);
                onChange(next);
              }}
            />
          </DialogContent>
        </Dialog>
      )}
      <button
        type="button"
        aria-label={`Remove ${words}`}
        onClick={onRemove}
        className="grid size-8 shrink-0 place-items-center rounded-full text-muted-foreground hover:text-foreground"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </li>
  );
}
