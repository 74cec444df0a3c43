"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import { QualityBadge } from "@/components/templates/quality-badge";
import { TemplatePreview } from "@/components/templates/template-preview";
import { Alert, type AlertTone } from "@/components/ui/alert";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import type { TemplateStatus } from "@/lib/db/generated/enums";
import { languageName } from "@/lib/templates/languages";
import { templateQuery } from "@/lib/templates/queries";
import type { Template } from "@/lib/templates/schema";
import { categoryNames, statusWords } from "@/lib/templates/status";
import { obstacleOf, variablesOf } from "@/lib/templates/variables";

const tones: Record<TemplateStatus, AlertTone> = {
  draft: "info",
  pending: "info",
  approved: "success",
  rejected: "danger",
  paused: "warning",
  disabled: "danger",
};

type Props = { template: Template; businessName: string };

/** What WhatsApp has; while it decides, the status is live and the page follows it. */
export function TemplateDetails({ template: initial, businessName }: Props) {
  const router = useRouter();
  const { data: template } = useQuery({ ...templateQuery(initial.id), initialData: initial });
  const { status, components, rejectionReason } = template;

  useEffect(() => {
    if (status !== initial.status) router.refresh();
  }, [status, initial.status, router]);

  const obstacle = obstacleOf(components);
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="grid min-w-0 content-start gap-5">
        <div aria-live="polite">
          <Alert tone={tones[status]} title={statusWords[status].label}>
            <p>{statusWords[status].explanation}</p>
            {rejectionReason && <p className="mt-1">{rejectionReason}</p>}
          </Alert>
        </div>
        {obstacle && <Alert tone="warning">{obstacle}</Alert>}
        <Card>
          <CardHeader>
            <CardTitle>About this template</CardTitle>
          </CardHeader>
          <CardContent>
            <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[10rem_minmax(0,1fr)]">
              <Fact name="Category">
                {categoryNames[template.category]}
                {template.nextCategory && (
                  <span className="text-muted-foreground">
                    , and {categoryNames[template.nextCategory]} from the day that Meta has announced
                  </span>
                )}
              </Fact>
              {template.quality && template.quality !== "UNKNOWN" && (
                <Fact name="Quality">
                  <QualityBadge quality={template.quality} />
                </Fact>
              )}
              <Fact name="Language">{languageName(template.language)}</Fact>
              <Fact name="Variables">
                <Variables template={template} />
              </Fact>
              {template.whatsappTemplateId && (
                <Fact name="Number at WhatsApp">{template.whatsappTemplateId}</Fact>
              )}
            </dl>
          </CardContent>
        </Card>
      </div>
      <TemplatePreview components={components} businessName={businessName} />
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="wrap-anywhere min-w-0">{children}</dd>
    </>
  );
}

const places = { header: "in the header", body: "in the message", button: "in a button" };

function Variables({ template }: { template: Template }) {
  const variables = variablesOf(template.components);
  if (variables.length === 0) return "None: everybody gets the same text.";
  return (
    <ul className="grid gap-1">
      {variables.map(({ component, key, buttonIndex, example }) => (
        <li key={`${component}${buttonIndex ?? ""}${key}`}>
          {key === "code" && component === "button" ? (
            "The offer code"
          ) : (
            <code className="font-mono">{`{{${key}}}`}</code>
          )}{" "}
          {places[component]}
          {example && <span className="text-muted-foreground">, such as “{example}”</span>}
        </li>
      ))}
    </ul>
  );
}
