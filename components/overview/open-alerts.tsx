import type { Route } from "next";
import Link from "next/link";
import { Alert } from "@/components/ui/alert";
import { Time } from "@/components/ui/time";
import { ACCOUNT_ALERTS } from "@/lib/alerts/keys";

type Props = { alerts: { id: string; key: string; message: string; updatedAt: Date }[]; timeZone: string };

/** What the owner must see to, with the way there. */
export function OpenAlerts({ alerts, timeZone }: Props) {
  return (
    <section aria-label="What needs you" className="grid gap-3">
      {alerts.map(({ id, key, message, updatedAt }) => {
        const place = placeOf(key);
        return (
          <Alert
            key={id}
            tone={key.startsWith(ACCOUNT_ALERTS) ? "danger" : "warning"}
            title={message}
            action={
              place && (
                <Link
                  href={place.href}
                  className="whitespace-nowrap text-primary text-sm underline underline-offset-4"
                >
                  {place.label}
                </Link>
              )
            }
          >
            <Time value={updatedAt} timeZone={timeZone} style="relative" />
          </Alert>
        );
      })}
    </section>
  );
}

function placeOf(key: string): { href: Route; label: string } | null {
  const [what, which = ""] = key.split(":");
  if (what === "campaign") return { href: `/campaigns/${which}` as Route, label: "See the campaign" };
  if (what === "template") return { href: `/templates/${which}` as Route, label: "See the template" };
  if (what === "account" || what === "whatsapp")
    return { href: "/settings/whatsapp", label: "Open the settings" };
  return null;
}
