import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { type CampaignProgress, campaignProgressQuery } from "@/lib/campaigns/queries";

/**
 * The live numbers. What a page brings along replaces what an earlier page left behind, and when the campaign has moved
 * on since the page was made, the page is made again.
 */
export function useCampaignProgress(initial: CampaignProgress) {
  const router = useRouter();
  const client = useQueryClient();
  const query = useQuery({ ...campaignProgressQuery(initial.id), initialData: initial });
  useEffect(() => {
    client.setQueryData(campaignProgressQuery(initial.id).queryKey, initial);
  }, [client, initial]);
  const hasMoved = query.data.status !== initial.status;
  useEffect(() => {
    if (hasMoved) router.refresh();
  }, [hasMoved, router]);
  return query;
}
