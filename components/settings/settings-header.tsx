import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";

type Props = { current: "business" | "whatsapp" | "sending" | "opt-out" | "events" | "security" };

export function SettingsHeader({ current }: Props) {
  return (
    <>
      <PageHeader title="Settings" />
      <LinkTabs
        label="Settings"
        tabs={[
          { href: "/settings", label: "Business", current: current === "business" },
          { href: "/settings/whatsapp", label: "WhatsApp", current: current === "whatsapp" },
          { href: "/settings/sending", label: "Sending", current: current === "sending" },
          { href: "/settings/opt-out", label: "Opt-out words", current: current === "opt-out" },
          { href: "/settings/events", label: "Webhook events", current: current === "events" },
          { href: "/settings/security", label: "Security", current: current === "security" },
        ]}
      />
    </>
  );
}
