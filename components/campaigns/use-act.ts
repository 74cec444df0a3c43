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
  return async (act: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await act();
      toast.success(done);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      toast.error(error.message);
    } finally {
      void client.invalidateQueries({ queryKey: ["campaigns", campaignId] });
      router.refresh();
    }
  };
}

const isOvertaken = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.status === 409 || error.status === 404);
