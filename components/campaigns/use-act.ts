import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { toast } from "@/components/ui/toaster";
import { ApiError } from "@/lib/api-client";

/**
 * Runs an act on a campaign and shows the page as it is then, also when the act was refused: somebody or something
 * else may have been faster. Such a refusal is told in a toast; any other error is thrown for the dialog to show.
 */
export function useAct(campaignId: string) {
  const router = useRouter();
  const client = useQueryClient();
  const showTruth = () => {
    void client.invalidateQueries({ queryKey: ["campaigns", campaignId] });
    router.refresh();
  };
  return async (act: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await act();
      toast.success(done);
      showTruth();
    } catch (error) {
      // Without a network Next would leave the page to refresh it.
      if (!(error instanceof ApiError) || error.code === "OFFLINE") throw error;
      showTruth();
      if (error.status !== 409 && error.status !== 404) throw error;
      toast.error(error.message);
    }
  };
}
