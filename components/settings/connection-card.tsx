"use client";

import { useMutation } from "@tanstack/react-query";
import { ConnectionChecks } from "@/components/settings/connection-checks";
import type { ConnectionState } from "@/components/settings/connection-section";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardContent, CardFooter, CardHeader, CardTitle } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toaster";
import { checkConnection, connectSandbox, disconnectWhatsApp } from "@/lib/users/queries";
import type { ConnectionReport } from "@/lib/users/schema";

type Props = {
  connection: ConnectionState;
  hasSandbox: boolean;
  report: ConnectionReport | null;
  onReport: (report: ConnectionReport | null) => void;
};

export function ConnectionCard({ connection, hasSandbox, report, onReport }: Props) {
  const { isConnected, isSandbox, displayPhoneNumber, phoneNumberId, wabaId } = connection;
  const number = displayPhoneNumber ?? phoneNumberId;
  const check = useMutation({ mutationFn: checkConnection, onSuccess: onReport });
  const enterSandbox = useMutation({
    mutationFn: connectSandbox,
    onSuccess: (next) => {
      toast.success("You are in the sandbox");
      onReport(next);
    },
  });
  const failure = check.error ?? (isConnected ? null : enterSandbox.error);

  return (
    <Card>
      <CardHeader className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <CardTitle>{isConnected ? number : "No number connected"}</CardTitle>
        <StateBadge isConnected={isConnected} isSandbox={isSandbox} />
      </CardHeader>
      <CardContent className="grid gap-4">
        <p className="text-muted-foreground">
          {isConnected
            ? `Phone number id ${phoneNumberId}, WhatsApp Business Account ${wabaId}.`
            : "Campaigns and templates need a number: connect your own below."}
          {!isConnected && hasSandbox && " Or try everything in the sandbox first."}
        </p>
        {failure && (
          <Alert tone="danger" announce>
            {failure.message}
          </Alert>
        )}
        {report && report.checks.length > 0 && <ConnectionChecks checks={report.checks} />}
      </CardContent>
      {(isConnected || hasSandbox) && (
        <CardFooter>
          {isConnected && (
            <Button variant="secondary" loading={check.isPending} onClick={() => check.mutate()}>
              Check again
            </Button>
          )}
          {hasSandbox && !isConnected && (
            <Button loading={enterSandbox.isPending} onClick={() => enterSandbox.mutate()}>
              Use the sandbox
            </Button>
          )}
          {hasSandbox && isConnected && !isSandbox && (
            <ConfirmDialog
              trigger={<Button variant="secondary">Use the sandbox</Button>}
              title={`Leave ${number} and use the sandbox?`}
              confirmLabel="Use the sandbox"
              tone="danger"
              onConfirm={() => enterSandbox.mutateAsync()}
            >
              Campanile forgets the access token and the app secret of {number}. Until you connect it again,
              no message reaches a real phone. Contacts and past campaigns stay.
            </ConfirmDialog>
          )}
          {isConnected && (
            <ConfirmDialog
              trigger={<Button variant="ghost">Disconnect</Button>}
              title={`Disconnect ${number}?`}
              confirmLabel="Disconnect"
              tone="danger"
              onConfirm={async () => {
                await disconnectWhatsApp();
                toast.success("The number is disconnected");
                onReport(null);
              }}
            >
              Campanile forgets the access token and the app secret. Scheduled campaigns cannot start, and
              replies and opt-outs no longer arrive here. Contacts and past campaigns stay.
            </ConfirmDialog>
          )}
        </CardFooter>
      )}
    </Card>
  );
}

function StateBadge({ isConnected, isSandbox }: Pick<ConnectionState, "isConnected" | "isSandbox">) {
  if (!isConnected) return <Badge>Not connected</Badge>;
  return isSandbox ? <Badge tone="info">Sandbox</Badge> : <Badge tone="success">Connected</Badge>;
}
