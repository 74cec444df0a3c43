import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";

/** Source: Meta, "Webhooks"; these are the fields that the product understands. */
const fields = [
  ["messages", "deliveries, read receipts, failures and replies"],
  ["user_preferences", "people who stop, resume or sign up for marketing messages in WhatsApp"],
  ["message_template_status_update", "the review of templates, pauses"],
  ["message_template_quality_update", "how people take your templates"],
  ["message_template_components_update", "edits of templates in WhatsApp's own manager"],
  ["template_category_update", "templates that Meta puts into another category, at another price"],
  ["account_update", "restrictions and bans of the account"],
  ["account_review_update", "Meta's review of the business"],
  ["account_alerts", "Meta's own warnings"],
  ["phone_number_quality_update", "the number's messaging limit and throughput"],
  ["phone_number_name_update", "the review of the display name"],
  ["business_capability_update", "the messaging limit of the business"],
  ["security", "changes of the number's PIN"],
  ["business_username_update", "the number's username"],
];

export function WebhookGuide({ callbackUrl }: { callbackUrl: string }) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>In Meta's dashboard</CardTitle>
        <CardDescription>
          Campanile tells WhatsApp where to report when you save. One thing only you can do: in your app open
          WhatsApp → Configuration → Webhook fields and subscribe to the fields below.
        </CardDescription>
      </CardHeader>
      <CardContent className="grid gap-5">
        <div className="grid gap-1.5">
          <p className="font-medium">Callback URL</p>
          <div className="flex items-center gap-2">
            <code className="min-w-0 break-all rounded-md bg-muted px-3 py-2 font-mono text-xs">
              {callbackUrl}
            </code>
            <CopyButton value={callbackUrl} label="callback URL" />
          </div>
          <p className="text-muted-foreground text-xs">
            If Meta asks for it, enter this address and the verify token that you chose above. Meta must reach
            it over https.
          </p>
        </div>
        <div className="grid gap-1.5">
          <p className="font-medium">Webhook fields</p>
          <ul className="grid gap-2">
            {fields.map(([name, use]) => (
              <li key={name} className="grid gap-x-3 sm:grid-cols-[16rem_1fr]">
                <code className="break-all font-mono text-xs leading-5">{name}</code>
                <span className="text-muted-foreground">{use}</span>
              </li>
            ))}
          </ul>
        </div>
      </CardContent>
    </Card>
  );
}
