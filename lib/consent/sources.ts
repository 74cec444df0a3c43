import type { ConsentSource } from "@/lib/db/generated/enums";

/** What a "resume" in WhatsApp's own settings takes back: what was said there, and nothing that was told the business. */
export const liftableSources: ConsentSource[] = ["whatsapp_settings", "error_131050"];

export const isLiftable = (source: ConsentSource) => liftableSources.includes(source);
