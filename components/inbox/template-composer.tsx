"use client";

import { SendHorizontal } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { variableLabel } from "@/components/campaigns/variable-fields";
import { FilePicker } from "@/components/inbox/file-picker";
import { bubbleClasses } from "@/components/inbox/message-bubble";
import { MessageContent } from "@/components/inbox/message-content";
import { useSendReply } from "@/components/inbox/use-send-reply";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { Content } from "@/lib/inbox/content";
import { nameOf, newId, type Person } from "@/lib/inbox/conversation";
import { replySchema } from "@/lib/inbox/schema";
import { aKind } from "@/lib/media/limits";
import type { Media } from "@/lib/media/schema";
import { languageName } from "@/lib/templates/languages";
import type { Template } from "@/lib/templates/schema";
import {
  headerMediaOf,
  renderComponents,
  type TemplateVariable,
  variablesOf,
} from "@/lib/templates/variables";

type Props = {
  person: Person;
  templates: Template[];
  /** Back to one's own words, while they may be sent. */
  onFree: (() => void) | null;
};

type Filled = { id: string; templateId: string; values: string[]; media: Media | null };

const empty = (): Filled => ({ id: newId(), templateId: "", values: [], media: null });

/** A template that WhatsApp approved, with its variables filled in for one person. */
export function TemplateComposer({ person, templates, onFree }: Props) {
  const send = useSendReply(person.id);
  const [filled, setFilled] = useState(empty);
  const { id, templateId, values, media } = filled;
  // Marketing is for those who agreed to it.
  const allowed = templates.filter(({ category }) => person.optedIn || category !== "marketing");
  const template = allowed.find((each) => each.id === templateId);
  const variables = template ? variablesOf(template.components) : [];
  const kind = template && headerMediaOf(template.components);
  const reply = replySchema.safeParse({ kind: "template", id, templateId, parameters: values, media });
  const isComplete = template !== undefined && reply.success && (!kind || media?.kind === kind);
  const shown = variables.map(({ key }, index) => values[index]?.trim() || `{{${key}}}`);
  const content: Content | null = template
    ? { kind: "template", template: renderComponents(template.components, shown, media) }
    : null;

  const choose = (next: string) => {
    const components = templates.find((each) => each.id === next)?.components ?? [];
    setFilled({ id, templateId: next, values: variablesOf(components).map(startWith(person)), media: null });
  };
  const submit = () => {
    if (!isComplete || !content || !reply.success) return;
    send(reply.data, content);
    setFilled(empty());
  };

  return (
    <form
      className="relative grid max-h-[60%] grid-cols-[minmax(0,1fr)] gap-3 overflow-y-auto border-t px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {!onFree && (
        <p role="status" className="text-muted-foreground text-sm">
          {person.lastInboundId
            ? `More than 24 hours have passed since ${nameOf(person)} last wrote. Until they write again, only a template may be sent.`
            : `${nameOf(person)} has never written to you, so only a template may be sent.`}
        </p>
      )}
      {allowed.length === 0 ? (
        <p className="text-sm">
          {templates.length === 0
            ? "There is no approved template yet."
            : "Your approved templates are for marketing, to which this person has not agreed. A utility template may be sent."}{" "}
          <Link href="/templates" className="text-primary underline underline-offset-4">
            See all templates
          </Link>
        </p>
      ) : (
        <Field label="Template" className="max-w-md">
          <Select value={templateId} onChange={({ target }) => choose(target.value)}>
            <option value="">Choose a template…</option>
            {allowed.map(({ id: each, name, language, category }) => (
              <option key={each} value={each}>
                {name} · {languageName(language)} · {category}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {variables.length > 0 && (
        <div className="grid gap-3 sm:grid-cols-2">
          {variables.map((variable, index) => (
            <Field
              // biome-ignore lint/suspicious/noArrayIndexKey: values belong to places
              key={`${templateId} ${index}`}
              label={variableLabel(variable)}
            >
              <Input
                value={values[index] ?? ""}
                maxLength={1024}
                autoComplete="off"
                placeholder={variable.example}
                onChange={({ target }) =>
                  setFilled({
                    ...filled,
                    values: variables.map((_, at) => (at === index ? target.value : (values[at] ?? ""))),
                  })
                }
              />
            </Field>
          ))}
        </div>
      )}
      {content && (
        <figure aria-label="Preview of the message" className="grid">
          <div className={bubbleClasses(true)}>
            <MessageContent messageId={null} content={content} />
          </div>
        </figure>
      )}
      <div className="flex flex-wrap items-center gap-2">
        {kind && (
          <FilePicker
            kinds={[kind]}
            media={media}
            onChange={(next) => setFilled({ ...filled, media: next })}
            label={`Choose ${aKind(kind)}`}
          />
        )}
        {onFree && (
          <Button variant="ghost" size="sm" onClick={onFree}>
            Write freely instead
          </Button>
        )}
        {allowed.length > 0 && (
          <Button type="submit" disabled={!isComplete} className="ml-auto">
            <SendHorizontal aria-hidden />
            Send template
          </Button>
        )}
      </div>
    </form>
  );
}

/** A variable whose own name says that it greets the person starts with the first name. */
const startWith =
  ({ name }: Person) =>
  ({ key }: TemplateVariable) =>
    /^(first_?)?name$/i.test(key) ? (name?.trim().split(/\s+/)[0] ?? "") : "";
