import { expect, test } from "vitest";
import { canonicalTimeZone, countryOf, listCountries, listTimeZones } from "@/lib/users/places";
import { profileSchema } from "@/lib/users/schema";

const zones = listTimeZones().flatMap(({ choices }) => choices);

test.each([
  ["Europe/Rome", "IT"],
  ["Asia/Kolkata", "IN"],
  ["Asia/Calcutta", "IN"],
  ["Asia/Kathmandu", "NP"],
  ["America/New_York", "US"],
  ["US/Pacific", "US"],
  ["America/Argentina/Buenos_Aires", "AR"],
  ["UTC", null],
])("guesses the country of %s", (zone, country) => {
  expect(countryOf(zone)).toBe(country);
});

test("lists each zone once, under the name that people expect", () => {
  expect(new Set(zones.map(({ value }) => value)).size).toBe(zones.length);
  expect(zones).toContainEqual({ value: "Asia/Kathmandu", label: "Kathmandu" });
  expect(zones).toContainEqual({ value: "Europe/Kyiv", label: "Kyiv" });
  expect(zones).toContainEqual({
    value: "America/Argentina/Buenos_Aires",
    label: "Buenos Aires (Argentina)",
  });
  expect(zones.map(({ value }) => value)).not.toContain("Asia/Katmandu");
});

test.each(["Asia/Calcutta", "Asia/Katmandu", "Europe/Kiev", "US/Pacific", "UTC", "Etc/UTC", "GB"])(
  "finds %s, as any browser may call it, in the list",
  (zone) => {
    expect(zones.map(({ value }) => value)).toContain(canonicalTimeZone(zone));
  },
);

test("offers only what the form accepts", () => {
  const [country] = listCountries();
  const profile = { businessName: "Bell", timeZone: "UTC", defaultCountry: country?.value };

  for (const { value } of zones)
    expect(profileSchema.safeParse({ ...profile, timeZone: value }).success).toBe(true);
  for (const { value } of listCountries()) {
    expect(profileSchema.safeParse({ ...profile, defaultCountry: value }).success).toBe(true);
  }
});
