import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type CampaignForm, missingOf, toAudience, toPreviewParameter } from "@/lib/campaigns/form";
import { audiencePreviewQuery } from "@/lib/campaigns/queries";

const PAUSE_MS = 300;

/** How many people the audience has and what the first of them would read, once it is chosen and typing has paused. */
export function useAudiencePreview({ messageType, audience, parameters }: CampaignForm) {
  const isChosen = missingOf(audience) === null;
  const asked = useDebounced(
    JSON.stringify({
      isComplete: isChosen,
      question: [messageType, toAudience(audience), parameters.map(toPreviewParameter)],
    } satisfies Asked),
  );
  const { isComplete, question } = JSON.parse(asked) as Asked;
  return useQuery({ ...audiencePreviewQuery(...question), enabled: isChosen && isComplete });
}

type Asked = { isComplete: boolean; question: Parameters<typeof audiencePreviewQuery> };

function useDebounced(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
