/** What an alert is about begins its key; at most one is open per account and key. */
export const CAMPAIGN_ALERTS = "campaign:";
export const ACCOUNT_ALERTS = "account:";
export const UNKNOWN_CODE_ALERTS = "code:";

export const campaignAlert = (campaignId: string) => `${CAMPAIGN_ALERTS}${campaignId}`;
export const accountAlert = (code: number) => `${ACCOUNT_ALERTS}${code}`;
export const unknownCodeAlert = (code: number) => `${UNKNOWN_CODE_ALERTS}${code}`;
