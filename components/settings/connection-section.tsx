"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { ConnectionCard } from "@/components/settings/connection-card";
import { ConnectionForm } from "@/components/settings/connection-form";
import type { ConnectionReport } from "@/lib/users/schema";

/** The part of an account that says how it reaches WhatsApp, without secrets. */
export type ConnectionState = {
  isConnected: boolean;
  isSandbox: boolean;
  wabaId: string | null;
  phoneNumberId: string | null;
  displayPhoneNumber: string | null;
  appId: string | null;
  hasAccessToken: boolean;
  hasAppSecret: boolean;
  hasWebhookVerifyToken: boolean;
};

type Props = {
  connection: ConnectionState;
  hasSandbox: boolean;
  needsAppSecret: boolean;
  children: ReactNode;
};

/** The state and the form share the last report: both of them ask WhatsApp. The children stand between them. */
export function ConnectionSection({ connection, hasSandbox, needsAppSecret, children }: Props) {
  const router = useRouter();
  const [report, setReport] = useState<ConnectionReport | null>(null);

  const show = (next: ConnectionReport | null) => {
    setReport(next);
    router.refresh();
  };

  return (
    <>
      <ConnectionCard connection={connection} hasSandbox={hasSandbox} report={report} onReport={show} />
      {children}
      <ConnectionForm
        key={`${connection.isSandbox} ${connection.phoneNumberId}`}
        connection={connection}
        needsAppSecret={needsAppSecret}
        onReport={show}
      />
    </>
  );
}
