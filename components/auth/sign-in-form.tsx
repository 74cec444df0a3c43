"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { PasswordInput } from "@/components/auth/password-input";
import { signInWithPassword } from "@/components/auth/sign-in";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { showErrors } from "@/lib/form-errors";
import { credentialsSchema } from "@/lib/users/schema";

export function SignInForm({ returnPath }: { returnPath: string }) {
  const router = useRouter();
  const form = useForm({
    resolver: zodResolver(credentialsSchema),
    defaultValues: { email: "", password: "" },
  });
  const signIn = useMutation({
    mutationFn: signInWithPassword,
    onSuccess: () => {
      router.replace(returnPath as Route);
      router.refresh();
    },
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;

  return (
    <form
      method="post"
      noValidate
      onSubmit={form.handleSubmit((values) => signIn.mutate(values))}
      className="grid gap-4"
    >
      {errors.root && (
        <Alert tone="danger" announce>
          {errors.root.message}
        </Alert>
      )}
      <Field label="E-mail" error={errors.email?.message}>
        <Input type="email" autoComplete="username" {...form.register("email")} />
      </Field>
      <Field label="Password" error={errors.password?.message}>
        <PasswordInput autoComplete="current-password" {...form.register("password")} />
      </Field>
      <Button type="submit" size="lg" loading={signIn.isPending || signIn.isSuccess}>
        Sign in
      </Button>
    </form>
  );
}
