import { BookUser, CircleCheck, type LucideIcon, MessageSquareText, Send } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";

type Props = {
  hasPeople: boolean;
  hasTemplate: boolean;
  isTemplatePending: boolean;
  hasCampaign: boolean;
};

type Step = {
  icon: LucideIcon;
  title: string;
  text: string;
  href: Route;
  action: string;
  isDone: boolean;
};

/** The way to the first campaign; only the next step has the strong button. */
export function Checklist({ hasPeople, hasTemplate, isTemplatePending, hasCampaign }: Props) {
  const steps: Step[] = [
    {
      icon: BookUser,
      title: "Bring your people",
      text: "Import a file of people who agreed to hear from you. A CSV from any spreadsheet will do.",
      href: "/contacts/import",
      action: "Import contacts",
      isDone: hasPeople,
    },
    {
      icon: MessageSquareText,
      title: "Write a template",
      text: isTemplatePending
        ? "WhatsApp is reading it. That usually takes minutes."
        : "The message, with places for names. WhatsApp approves it once, then you can send it as often as you like.",
      href: isTemplatePending ? "/templates" : "/templates/new",
      action: isTemplatePending ? "See its status" : "Write a template",
      isDone: hasTemplate,
    },
    {
      icon: Send,
      title: "Send your first campaign",
      text: "Choose the people and watch it being delivered and read.",
      href: "/campaigns/new",
      action: "New campaign",
      isDone: hasCampaign,
    },
  ];
  const next = steps.find(({ isDone }) => !isDone);
  const done = steps.filter(({ isDone }) => isDone).length;
  return (
    <Card>
      <CardHeader>
        <CardTitle>
          {done === 0 ? "Three steps to your first campaign" : `${done} of ${steps.length} steps done`}
        </CardTitle>
        <CardDescription>
          You see what will happen before anything is sent, and nobody gets a message twice.
        </CardDescription>
      </CardHeader>
      <CardContent>
        <ol className="grid gap-3 lg:grid-cols-3">
          {steps.map((step) => (
            <ChecklistStep key={step.title} {...step} isNext={step === next} />
          ))}
        </ol>
      </CardContent>
    </Card>
  );
}

function ChecklistStep({ icon, title, text, href, action, isDone, isNext }: Step & { isNext: boolean }) {
  const Icon = isDone ? CircleCheck : icon;
  return (
    <li className="grid content-between gap-4 rounded-lg border bg-background/60 p-4">
      <div className="grid gap-2">
        <span
          className={`grid size-10 place-items-center rounded-t-[20px] rounded-b-sm ${isDone ? "bg-success-soft text-success" : "bg-primary-soft text-primary"}`}
        >
          <Icon aria-hidden className="size-5" />
        </span>
        <p className="font-semibold text-base">
          {title}
          {isDone && <span className="sr-only"> (done)</span>}
        </p>
        <p className="text-muted-foreground text-sm">{text}</p>
      </div>
      {isDone ? (
        <p className="flex h-9 items-center font-medium text-sm text-success">Done</p>
      ) : (
        <Button asChild variant={isNext ? "primary" : "secondary"} className="w-fit">
          <Link href={href}>{action}</Link>
        </Button>
      )}
    </li>
  );
}
