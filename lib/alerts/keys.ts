/** What an alert is about: at most one is open per account and key. */
export const campaignAlert = (campaignId: string) => `campaign:${campaignId}`;
export const accountAlert = (code: number) => `account:${code}`;
export const unknownCodeAlert = (code: number) => `code:${code}`;

/** The beginning of every `accountAlert`. */
export const ACCOUNT_ALERTS = "account:";
