"use client";

import { Button } from "@/components/ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { signOutEverywhere } from "@/lib/users/queries";

async function signOutAndLeave() {
  await signOutEverywhere();
  window.location.assign("/sign-in?reason=signed-out-everywhere");
}

export function SessionsCard() {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Devices</CardTitle>
        <CardDescription>
          For a lost phone or a shared computer: every browser that is signed in has to sign in again.
        </CardDescription>
      </CardHeader>
      <CardContent>
        <ConfirmDialog
          trigger={<Button variant="secondary">Sign out everywhere</Button>}
          title="Sign out on every device?"
          confirmLabel="Sign out everywhere"
          tone="danger"
          onConfirm={signOutAndLeave}
        >
          Everybody who is signed in to this account, you included, has to enter the password again. Campaigns
          keep running.
        </ConfirmDialog>
      </CardContent>
    </Card>
  );
}
