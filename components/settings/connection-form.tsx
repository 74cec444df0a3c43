"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import type { ConnectionState } from "@/components/settings/connection-section";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardFooter, CardHeader, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toaster";
import { showErrors } from "@/lib/form-errors";
import { connectWhatsApp } from "@/lib/users/queries";
import { type ConnectionReport, connectionSchema } from "@/lib/users/schema";

type Props = {
  connection: ConnectionState;
  /** False when the installation has one for everybody. */
  needsAppSecret: boolean;
  onReport: (report: ConnectionReport) => void;
};

const noSecrets = { accessToken: "", appSecret: "", webhookVerifyToken: "" };

export function ConnectionForm({ connection, needsAppSecret, onReport }: Props) {
  const isOwn = connection.isConnected && !connection.isSandbox;
  const ids = isOwn ? connection : { wabaId: null, phoneNumberId: null, appId: null };
  const form = useForm({
    resolver: zodResolver(connectionSchema),
    defaultValues: {
      wabaId: ids.wabaId ?? "",
      phoneNumberId: ids.phoneNumberId ?? "",
      appId: ids.appId ?? "",
      ...noSecrets,
    },
  });
  const connect = useMutation({
    mutationFn: connectWhatsApp,
    onSuccess: (report, values) => {
      form.reset({ ...values, ...noSecrets });
      toast.success("The number is connected");
      onReport(report);
      window.scrollTo({ top: 0, behavior: "smooth" });
    },
    onError: (error) => showErrors(form, error),
  });
  const { errors } = form.formState;
  const secret = (isStored: boolean) => ({
    type: "password",
    autoComplete: "off",
    spellCheck: false,
    placeholder: isOwn && isStored ? "Stored. Leave empty to keep it" : "",
  });

  return (
    <form method="post" noValidate onSubmit={form.handleSubmit((values) => connect.mutate(values))}>
      <Card>
        <CardHeader>
          <CardTitle>{isOwn ? "Change the connection" : "Connect your own number"}</CardTitle>
          <CardDescription>
            You need a WhatsApp Business Account and an app in Meta's developer dashboard. Before anything is
            saved, Campanile asks WhatsApp whether it fits together.
          </CardDescription>
        </CardHeader>
        <CardContent className="grid max-w-xl gap-5">
          {errors.root && (
            <Alert tone="danger" announce>
              {errors.root.message}
            </Alert>
          )}
          <Field
            label="WhatsApp Business Account id"
            hint="In the app: WhatsApp → API setup. A number of about 15 digits."
            error={errors.wabaId?.message}
          >
            <Input inputMode="numeric" autoComplete="off" {...form.register("wabaId")} />
          </Field>
          <Field
            label="Phone number id"
            hint="On the same page, below the number. It is not the phone number itself."
            error={errors.phoneNumberId?.message}
          >
            <Input inputMode="numeric" autoComplete="off" {...form.register("phoneNumberId")} />
          </Field>
          <Field
            label="App id"
            optional
            hint="At the top of the app's dashboard. Left empty, Campanile asks Meta whose token it is."
            error={errors.appId?.message}
          >
            <Input inputMode="numeric" autoComplete="off" {...form.register("appId")} />
          </Field>
          <Field
            label="Access token"
            optional={isOwn}
            hint="Of a system user, with whatsapp_business_messaging and whatsapp_business_management. Stored encrypted, never shown again."
            error={errors.accessToken?.message}
          >
            <Input {...secret(connection.hasAccessToken)} {...form.register("accessToken")} />
          </Field>
          <Field
            label="App secret"
            optional={!needsAppSecret || (isOwn && connection.hasAppSecret)}
            hint="App settings → Basic. It proves that a webhook comes from Meta. Stored encrypted, never shown again."
            error={errors.appSecret?.message}
          >
            <Input {...secret(connection.hasAppSecret)} {...form.register("appSecret")} />
          </Field>
          <Field
            label="Verify token"
            optional
            hint="Only if you enter the callback address at Meta by hand; otherwise Campanile makes one up."
            error={errors.webhookVerifyToken?.message}
          >
            <Input {...secret(connection.hasWebhookVerifyToken)} {...form.register("webhookVerifyToken")} />
          </Field>
        </CardContent>
        <CardFooter>
          <Button type="submit" loading={connect.isPending}>
            Check and save
          </Button>
        </CardFooter>
      </Card>
    </form>
  );
}
