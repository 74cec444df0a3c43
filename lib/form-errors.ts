import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { ApiError } from "@/lib/api-client";

/** Puts what the server said beside the fields it is about, and everything else above the form (`errors.root`). */
export function showErrors<Values extends FieldValues, Context, Output>(
  form: UseFormReturn<Values, Context, Output>,
  error: Error,
): void {
  const fields = error instanceof ApiError ? Object.entries(error.fields) : [];
  const shown = fields.filter(([name, messages]) => name in form.getValues() && messages?.length);
  for (const [index, [name, messages]] of shown.entries()) {
    const message = messages?.join(" ") ?? error.message;
    form.setError(name as FieldPath<Values>, { message }, { shouldFocus: index === 0 });
  }
  if (shown.length === 0) form.setError("root", { message: error.message });
}
