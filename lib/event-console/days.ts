import { TZDate } from "@date-fns/tz";

const startOf = (year: number, month: number, day: number, timeZone: string) =>
  new Date(new TZDate(year, month - 1, day, timeZone).getTime());

function partsOf(day: string): [year: number, month: number, day: number] {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  return [year, month, date];
}

/** When a day such as "2027-03-28" begins in a time zone: where clocks skip midnight, with the first time there is. */
export function startOfDay(day: string, timeZone: string): Date {
  return startOf(...partsOf(day), timeZone);
}

/** When the day is over. */
export function endOfDay(day: string, timeZone: string): Date {
  const [year, month, date] = partsOf(day);
  return startOf(year, month, date + 1, timeZone);
}
