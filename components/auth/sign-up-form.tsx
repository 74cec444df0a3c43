"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useForm } from "react-hook-form";
import { PasswordInput } from "@/components/auth/password-input";
import { signInWithPassword } from "@/components/auth/sign-in";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { showErrors } from "@/lib/form-errors";
import { signUp } from "@/lib/users/queries";
import { type SignUp, signUpSchema } from "@/lib/users/schema";

const formSchema = signUpSchema.pick({ businessName: true, email: true, password: true });

/** The server guesses the country from the zone; both can be changed in the settings. */
async function signUpAndIn(input: Pick<SignUp, "businessName" | "email" | "password">) {
  await signUp({ ...input, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  await signInWithPassword(input);
}

export function SignUpForm() {
  const router = useRouter();
  const form = useForm({
    resolver: zodResolver(formSchema),
    defaultValues: { businessName: "", email: "", password: "" },
  });
  const signUp = useMutation({
    mutationFn: signUpAndIn,
    onSuccess: () => {
      router.replace("/");
      router.refresh();
    },
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;

  return (
    <form
      method="post"
      noValidate
      onSubmit={form.handleSubmit((values) => signUp.mutate(values))}
      className="grid gap-4"
    >
      {errors.root && (
        <Alert tone="danger" announce>
          {errors.root.message}
        </Alert>
      )}
      <Field label="Business name" hint="What your customers call you." error={errors.businessName?.message}>
        <Input autoComplete="organization" {...form.register("businessName")} />
      </Field>
      <Field label="E-mail" error={errors.email?.message}>
        <Input type="email" autoComplete="username" {...form.register("email")} />
      </Field>
      <Field
        label="Password"
        hint="At least 10 characters. A few words in a row are easy to remember and hard to guess."
        error={errors.password?.message}
      >
        <PasswordInput autoComplete="new-password" {...form.register("password")} />
      </Field>
      <Button type="submit" size="lg" loading={signUp.isPending || signUp.isSuccess}>
        Create account
      </Button>
    </form>
  );
}
