"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { PasswordInput } from "@/components/auth/password-input";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardFooter, CardHeader, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { showErrors } from "@/lib/form-errors";
import { changePassword } from "@/lib/users/queries";
import { changePasswordSchema } from "@/lib/users/schema";

/** Leaves with a full page load: nothing of the old session stays in memory. */
export function PasswordForm({ email }: { email: string }) {
  const form = useForm({
    resolver: zodResolver(changePasswordSchema),
    defaultValues: { currentPassword: "", password: "" },
  });
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => window.location.assign("/sign-in?reason=password-changed"),
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;

  return (
    <form method="post" noValidate onSubmit={form.handleSubmit((values) => change.mutate(values))}>
      <Card>
        <CardHeader>
          <CardTitle>Password</CardTitle>
          <CardDescription>
            Changing it signs you out on every device, this one too. Campaigns keep running.
          </CardDescription>
        </CardHeader>
        <CardContent className="grid max-w-xl gap-5">
          {errors.root && (
            <Alert tone="danger" announce>
              {errors.root.message}
            </Alert>
          )}
          {/* For password managers: it says whose password this is. */}
          <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
          <Field label="Current password" error={errors.currentPassword?.message}>
            <PasswordInput autoComplete="current-password" {...form.register("currentPassword")} />
          </Field>
          <Field
            label="New password"
            hint="At least 10 characters. A few words in a row are easy to remember and hard to guess."
            error={errors.password?.message}
          >
            <PasswordInput autoComplete="new-password" {...form.register("password")} />
          </Field>
        </CardContent>
        <CardFooter>
          <Button type="submit" loading={change.isPending || change.isSuccess}>
            Change password
          </Button>
        </CardFooter>
      </Card>
    </form>
  );
}
