import Link from "next/link";
import { Alert } from "@/components/ui/alert";

type Props = {
  account: { isConnected: boolean; isSandbox: boolean; displayPhoneNumber: string | null };
};

/** Where messages go: nowhere yet, to the sandbox, or to real people. */
export function ConnectionCard({ account: { isConnected, isSandbox, displayPhoneNumber } }: Props) {
  if (!isConnected) {
    return (
      <Alert
        tone="warning"
        title="WhatsApp is not connected"
        action={<SettingsLink>Connect WhatsApp</SettingsLink>}
      >
        Nothing can be sent until you connect your number or the sandbox.
      </Alert>
    );
  }
  if (isSandbox) {
    return (
      <Alert title="You are in the sandbox" action={<SettingsLink>Connect your own number</SettingsLink>}>
        Everything works as it will for real, but no person receives anything. Try whatever you like.
      </Alert>
    );
  }
  return (
    <Alert
      tone="success"
      title={displayPhoneNumber ? `Connected as ${displayPhoneNumber}` : "WhatsApp is connected"}
      action={<SettingsLink>Settings</SettingsLink>}
    >
      Campaigns go to real people.
    </Alert>
  );
}

const SettingsLink = ({ children }: { children: string }) => (
  <Link href="/settings/whatsapp" className="whitespace-nowrap font-medium underline underline-offset-4">
    {children}
  </Link>
);
