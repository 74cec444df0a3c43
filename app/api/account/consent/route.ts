import { consentSettingsSchema } from "@/lib/consent/schema";
import { userRoute } from "@/lib/http";
import { userRepository } from "@/lib/users/repository";

export const PATCH = userRoute({ body: consentSettingsSchema }, ({ userId, body }) =>
  userRepository.updateConsentSettings(userId, body),
);
