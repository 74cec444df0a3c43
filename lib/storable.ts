import * as z from "zod";

/** PostgreSQL takes neither NUL nor half of a character. */
const storable = /^[^\0\p{Cs}]*$/u;
export const NOT_STORABLE = "A text holds a character that cannot be stored";

/** A text that somebody writes, without blanks around it. Where an address is read, nothing else stands before the database. */
export const textSchema = z.string().trim().regex(storable, NOT_STORABLE);

/** A day of this millennium: anything else is a slip, and no id can be compared with it. */
export const daySchema = z.iso.date("Enter a date").regex(/^2\d{3}-/, "Enter a date");

/** Whether every text within is one. */
export function isStorable(value: unknown): boolean {
  if (typeof value === "string") return storable.test(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every((entry) => entry.every(isStorable));
}
