import pino from "pino";
import { env } from "@/lib/env";

/** Ids and codes only: never a token, a whole phone number or the text of a message. */
export const logger = pino({
  level: env.LOG_LEVEL,
  redact: ["*.accessToken", "*.appSecret", "*.authorization", "*.phone", "*.password"],
});
