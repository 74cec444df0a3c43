/** What an alert is about begins its key; at most one is open per account and key. */
export const CAMPAIGN_ALERTS = "campaign:";
export const ACCOUNT_ALERTS = "account:";
export const UNKNOWN_CODE_ALERTS = "code:";
/** What WhatsApp says of the account, its number and its templates. */
export const STANDING_ALERTS = "whatsapp:";
export const TEMPLATE_ALERTS = "template:";

export const campaignAlert = (campaignId: string) => `${CAMPAIGN_ALERTS}${campaignId}`;
/** WhatsApp is not connected, or not with secrets that can be opened. */
export const CONNECTION_ALERT = `${ACCOUNT_ALERTS}connection`;
export const accountAlert = (code: number) => `${ACCOUNT_ALERTS}${code}`;
export const standingAlert = (what: string) => `${STANDING_ALERTS}${what}`;
export type TemplateMatter = "state" | "quality" | "category" | "texts";
export const templateAlert = (templateId: string, what: TemplateMatter) =>
  `${TEMPLATE_ALERTS}${templateId}:${what}`;
export const unknownCodeAlert = (code: number) => `${UNKNOWN_CODE_ALERTS}${code}`;
