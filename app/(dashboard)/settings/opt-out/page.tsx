import type { Metadata } from "next";
import { ConsentWordsForm } from "@/components/settings/consent-words-form";
import { SettingsHeader } from "@/components/settings/settings-header";
import { requireUser } from "@/lib/auth";
import { builtInWords } from "@/lib/consent/words";
import { userRepository } from "@/lib/users/repository";

export const metadata: Metadata = { title: "Opt-out words" };

export default async function OptOutPage() {
  const { optOutWords, optInWords, ...answer } = await userRepository.getConsentSettings(await requireUser());
  return (
    <>
      <SettingsHeader current="opt-out" />
      <ConsentWordsForm
        settings={{
          optOutWords: optOutWords.length > 0 ? optOutWords : builtInWords.optOut,
          optInWords: optInWords.length > 0 ? optInWords : builtInWords.optIn,
          confirmsOptOut: answer.confirmsOptOut,
          optOutReply: answer.optOutReply ?? "",
        }}
      />
    </>
  );
}
