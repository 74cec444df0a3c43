import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { type CampaignProgress, campaignProgressQuery } from "@/lib/campaigns/queries";

/** The live numbers. When the campaign has moved on since the page was made, the page is made again. */
export function useCampaignProgress(initial: CampaignProgress) {
  const router = useRouter();
  const query = useQuery({ ...campaignProgressQuery(initial.id), initialData: initial });
  const hasMoved = query.data.status !== initial.status;
  useEffect(() => {
    if (hasMoved) router.refresh();
  }, [hasMoved, router]);
  return query;
}
