"use client";

import { useState } from "react";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { type ConsentWords, wishOf } from "@/lib/consent/words";

const outcomes: Record<"opt_out" | "opt_in" | "neither", { label: string; tone: BadgeTone }> = {
  opt_out: { label: "Opts out", tone: "warning" },
  opt_in: { label: "Opts in again", tone: "success" },
  neither: { label: "An ordinary message", tone: "neutral" },
};

/** Shows what a message would do with the words as they stand, saved or not. */
export function TryWords(words: ConsentWords) {
  const [text, setText] = useState("");
  const { label, tone } = outcomes[wishOf(text, words) ?? "neither"];
  return (
    <div className="flex max-w-xl flex-wrap items-end gap-3">
      <Field label="Try a message" optional className="grow">
        <Input value={text} onChange={({ target }) => setText(target.value)} />
      </Field>
      <div aria-live="polite" className="flex min-h-9 items-center">
        {text.trim() !== "" && <Badge tone={tone}>{label}</Badge>}
      </div>
    </div>
  );
}
