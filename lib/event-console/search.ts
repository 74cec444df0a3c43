/** A number as people write it; WhatsApp writes digits only. */
const phone = /^\+?[\d\s().-]{7,}$/;

/** The pattern for LIKE that finds a text inside of a JSON document as PostgreSQL prints it. */
export function searchPattern(text: string): string {
  const wanted = phone.test(text) ? text.replace(/\D/g, "") : text;
  const asJson = JSON.stringify(wanted).slice(1, -1);
  return `%${asJson.replace(/[\\%_]/g, "\\$&")}%`;
}
