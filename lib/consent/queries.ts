import { api } from "@/lib/api-client";
import type { ConsentSettings } from "@/lib/consent/schema";

export const updateConsentSettings = (input: ConsentSettings) =>
  api.patch<null>("/api/account/consent", input);
