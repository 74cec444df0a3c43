import { useRouter } from "next/navigation";
import { toast } from "@/components/ui/toaster";

/** Does something to a contact, says that it is done and shows the page as it is then. Rejects when it fails. */
export function useAct() {
  const router = useRouter();
  return async (work: () => Promise<unknown>, done: string) => {
    await work();
    toast.success(done);
    router.refresh();
  };
}
