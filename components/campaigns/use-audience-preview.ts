import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type CampaignForm, missingOf, toAudience, toPreviewParameter } from "@/lib/campaigns/form";
import { audiencePreviewQuery } from "@/lib/campaigns/queries";

const PAUSE_MS = 300;

/** How many people the audience has and what the first of them would read, once it is chosen and typing has paused. */
export function useAudiencePreview({ messageType, audience, parameters }: CampaignForm) {
  const asked = useDebounced(
    JSON.stringify([
      messageType,
      toAudience(audience),
      parameters.map(toPreviewParameter),
    ] satisfies Question),
  );
  return useQuery({
    ...audiencePreviewQuery(...(JSON.parse(asked) as Question)),
    enabled: missingOf(audience) === null,
  });
}

type Question = Parameters<typeof audiencePreviewQuery>;

function useDebounced(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
