import * as z from "zod";
import { newAccessToken, newHex, newObjectId } from "./ids";
import type { App, Business, PhoneNumber, Template, Waba } from "./model";
import type { State } from "./state";

export const tierSchema = z.enum(["TIER_250", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED"]);

export const newAccountSchema = z.strictObject({
  name: z.string().min(1).max(100).default("Sandbox business"),
  tier: tierSchema.default("TIER_100K"),
  mps: z.number().int().min(1).max(100_000).default(80),
  /** An existing app or business, to share its secret or its messaging limit. */
  appId: z.string().optional(),
  businessId: z.string().optional(),
});

export type NewAccount = z.infer<typeof newAccountSchema>;

export type AccountKeys = {
  wabaId: string;
  phoneNumberId: string;
  displayPhoneNumber: string;
  appId: string;
  appSecret: string;
  accessToken: string;
  businessId: string;
};

/** A fresh business as it looks after onboarding: one number, one system-user token, the `hello_world` template. */
export function createAccount(state: State, asked: NewAccount): AccountKeys {
  const app: App = (asked.appId === undefined ? undefined : state.apps.get(asked.appId)) ?? {
    id: newObjectId(),
    name: `${asked.name} app`,
    secret: newHex(16),
    callback: null,
  };
  const business: Business = (asked.businessId === undefined
    ? undefined
    : state.businesses.get(asked.businessId)) ?? {
    id: newObjectId(),
    name: asked.name,
    tier: asked.tier,
  };
  const waba: Waba = {
    id: newObjectId(),
    businessId: business.id,
    appId: app.id,
    name: asked.name,
    namespace: newHex(16),
    state: "active",
    subscribed: false,
    callback: null,
    marketingMessagesOnboarded: true,
    marketingDisabledOnCloudApi: false,
    deletedTemplates: {},
  };
  const number = newPhoneNumber(waba, asked.mps);
  const now = Date.now();
  const token = newAccessToken();
  const hello = helloWorld(waba.id);
  state.apps.set(app.id, app);
  state.businesses.set(business.id, business);
  state.wabas.set(waba.id, waba);
  state.phoneNumbers.set(number.id, number);
  state.putTemplate(hello);
  state.tokens.set(token, {
    value: token,
    appId: app.id,
    wabaIds: [waba.id],
    state: "valid",
    permissions: ["whatsapp_business_management", "whatsapp_business_messaging"],
    issuedAt: now,
    changedAt: now,
  });
  state.save();
  return {
    wabaId: waba.id,
    phoneNumberId: number.id,
    displayPhoneNumber: number.displayPhoneNumber,
    appId: app.id,
    appSecret: app.secret,
    accessToken: token,
    businessId: business.id,
  };
}

/** Numbers of the fictitious 555-01 range. */
export function newPhoneNumber(waba: Waba, mps: number): PhoneNumber {
  const digits = newObjectId(5);
  return {
    id: newObjectId(),
    wabaId: waba.id,
    displayPhoneNumber: `+1 ${digits.slice(0, 3)}-555-01${digits.slice(3)}`,
    verifiedName: waba.name,
    quality: "GREEN",
    status: "CONNECTED",
    mps,
    pairLimited: true,
    registered: true,
    allowList: null,
    callback: null,
    blockedUserIds: [],
  };
}

const helloWorld = (wabaId: string): Template => ({
  id: newObjectId(),
  wabaId,
  name: "hello_world",
  language: "en_US",
  category: "UTILITY",
  previousCategory: null,
  parameterFormat: "POSITIONAL",
  components: [
    { type: "HEADER", format: "TEXT", text: "Hello World" },
    {
      type: "BODY",
      text: "Welcome and congratulations!! This message demonstrates your ability to send a WhatsApp message notification from the Cloud API, hosted by Meta. Thank you for taking the time to test with us.",
    },
    { type: "FOOTER", text: "WhatsApp Business Platform sample message" },
  ],
  status: "APPROVED",
  rejectedReason: "NONE",
  quality: { score: "UNKNOWN", date: Math.floor(Date.now() / 1000) },
  messageSendTtlSeconds: null,
  reviewAt: null,
  pausedAt: null,
  pauses: 0,
  editedAt: [],
});
