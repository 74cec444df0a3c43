import type { Metadata } from "next";
import { ProfileForm } from "@/components/settings/profile-form";
import { SettingsHeader } from "@/components/settings/settings-header";
import { requireUser } from "@/lib/auth";
import { canonicalTimeZone, listCountries, listTimeZones } from "@/lib/users/places";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const userId = await requireUser();
  const { businessName, timeZone, defaultCountry } = await userRepository.get(userId);
  const profile = {
    businessName: businessName ?? "",
    timeZone: canonicalTimeZone(timeZone),
    defaultCountry,
  };
  return (
    <>
      <SettingsHeader current="business" />
      <ProfileForm profile={profile} timeZones={listTimeZones()} countries={listCountries()} />
    </>
  );
}
