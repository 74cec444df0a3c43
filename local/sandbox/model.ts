/** The objects that Meta keeps for a business, as far as the sandbox needs them. All of them survive a restart. */

export type Tier = "TIER_250" | "TIER_2K" | "TIER_10K" | "TIER_100K" | "TIER_UNLIMITED";

export const tierLimits: Readonly<Record<Tier, number>> = {
  TIER_250: 250,
  TIER_2K: 2000,
  TIER_10K: 10_000,
  TIER_100K: 100_000,
  TIER_UNLIMITED: Number.POSITIVE_INFINITY,
};

export type Callback = { uri: string; verifyToken: string };

/** A business portfolio: messaging limit, opt-outs from marketing and user ids are shared by all its numbers. */
export type Business = { id: string; name: string; tier: Tier };

export type App = { id: string; name: string; secret: string; callback: Callback | null };

/** States that make sends fail before any message is looked at ("Error codes": 368, 131031, 131042, 131057). */
export type AccountState = "active" | "restricted" | "locked" | "payment_issue" | "maintenance";

export type Waba = {
  id: string;
  businessId: string;
  appId: string;
  name: string;
  namespace: string;
  state: AccountState;
  subscribed: boolean;
  callback: Callback | null;
  marketingMessagesOnboarded: boolean;
  marketingDisabledOnCloudApi: boolean;
  /** `name language` of deleted templates and until when the pair stays locked. */
  deletedTemplates: Record<string, number>;
};

export type PhoneNumber = {
  id: string;
  wabaId: string;
  displayPhoneNumber: string;
  verifiedName: string;
  quality: "GREEN" | "YELLOW" | "RED" | "UNKNOWN";
  status: "CONNECTED" | "PENDING" | "DISCONNECTED" | "RESTRICTED" | "BANNED" | "RATE_LIMITED";
  mps: number;
  pairLimited: boolean;
  registered: boolean;
  /** Digits of the only recipients a test number may reach (131030); null for an ordinary number. */
  allowList: string[] | null;
  callback: Callback | null;
  blockedUserIds: string[];
};

export type TokenState = "valid" | "expired" | "revoked";

export type Permission = "whatsapp_business_messaging" | "whatsapp_business_management";

export type Token = {
  value: string;
  appId: string;
  wabaIds: string[];
  state: TokenState;
  permissions: Permission[];
  issuedAt: number;
  changedAt: number;
};

export type TemplateStatus =
  | "PENDING"
  | "APPROVED"
  | "REJECTED"
  | "PAUSED"
  | "DISABLED"
  | "IN_APPEAL"
  | "PENDING_DELETION"
  | "ARCHIVED";

export type TemplateCategory = "MARKETING" | "UTILITY" | "AUTHENTICATION";

export type TemplateButton = {
  type: string;
  text?: string | undefined;
  url?: string | undefined;
  phone_number?: string | undefined;
  otp_type?: string | undefined;
  example?: string | string[] | undefined;
  [key: string]: unknown;
};

export type TemplateComponent = {
  type: string;
  format?: string | undefined;
  text?: string | undefined;
  example?: Record<string, unknown> | undefined;
  buttons?: TemplateButton[] | undefined;
  cards?: { components: TemplateComponent[] }[] | undefined;
  [key: string]: unknown;
};

export type Template = {
  id: string;
  wabaId: string;
  name: string;
  language: string;
  category: TemplateCategory;
  previousCategory: TemplateCategory | null;
  parameterFormat: "POSITIONAL" | "NAMED";
  components: TemplateComponent[];
  status: TemplateStatus;
  rejectedReason: string;
  quality: { score: "GREEN" | "YELLOW" | "RED" | "UNKNOWN"; date: number };
  messageSendTtlSeconds: number | null;
  reviewAt: number | null;
  pausedAt: number | null;
  pauses: number;
  editedAt: number[];
};

export type Media = {
  id: string;
  phoneNumberId: string;
  mimeType: string;
  sha256: string;
  size: number;
  fileName: string | null;
  expiresAt: number;
};

/** A sample file that went through the resumable upload and may be named in `example.header_handle`. */
export type Handle = { value: string; mimeType: string; size: number };
