"use client";

import { PhonePreview } from "@/components/templates/phone-preview";
import type { TemplateComponent } from "@/lib/templates/schema";
import { renderComponents, variablesOf } from "@/lib/templates/variables";

type Props = { components: TemplateComponent[]; businessName?: string | undefined };

/** With the examples where there are some, and the bare variables elsewhere. */
export function TemplatePreview({ components, businessName }: Props) {
  const values = variablesOf(components).map(({ key, example }) => example || `{{${key}}}`);
  return <PhonePreview {...renderComponents(components, values)} businessName={businessName} />;
}
