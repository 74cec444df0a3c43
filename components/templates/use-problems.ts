import { type FieldPath, useFormContext, useWatch } from "react-hook-form";
import type { TemplateForm } from "@/lib/templates/form";
import { toTemplate } from "@/lib/templates/form";
import type { Violation } from "@/lib/templates/limits";
import { violationsOf, warningsOf } from "@/lib/templates/rules";

/** The form as it stands. */
export const useTemplateForm = () => useWatch<TemplateForm>() as TemplateForm;

/**
 * Meta's rules while typing: what is wrong with a field once it was left, or with all of them after trying to save.
 * They depend on each other, so they are asked about the whole form and not field by field.
 */
export function useProblems() {
  const { getFieldState, formState } = useFormContext<TemplateForm>();
  const template = toTemplate(useTemplateForm());
  const violations = violationsOf(template);
  const warnings = warningsOf(template);
  const hasTried = formState.submitCount > 0;
  const messageFor = (list: Violation[], field: string) =>
    list.find((found) => found.field === field)?.message;
  return {
    problemOf: (field: FieldPath<TemplateForm>): string | undefined => {
      const { isTouched, error } = getFieldState(field, formState);
      const problem = hasTried || isTouched ? messageFor(violations, field) : undefined;
      // The rules' own messages in the form's state ("custom") may be out of date; the server's are not.
      const isServers = error !== undefined && error.type !== "custom" && typeof error.message === "string";
      return problem ?? (isServers ? String(error.message) : undefined);
    },
    /** For what has no field of its own: shown at once. */
    violationOf: (field: string) => messageFor(violations, field),
    warningOf: (field: string) => messageFor(warnings, field),
  };
}
