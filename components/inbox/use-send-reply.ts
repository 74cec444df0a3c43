import { useMutation, useQueryClient } from "@tanstack/react-query";
import { fail, putOut, takeBack } from "@/components/inbox/drafts";
import type { Content } from "@/lib/inbox/content";
import { sendReply } from "@/lib/inbox/queries";
import type { Reply } from "@/lib/inbox/schema";

/**
 * Shows a reply at once and sends it. It goes on when the owner turns to another conversation meanwhile; what did not
 * get through is kept, and may be sent again under the same id.
 */
export function useSendReply(contactId: string) {
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (reply: Reply) => sendReply(contactId, reply),
    onSuccess: async (_, { id }) => {
      await client.invalidateQueries({ queryKey: ["inbox"] });
      takeBack(contactId, id);
    },
    onError: (error, { id }) => {
      fail(contactId, id, error.message);
      void client.invalidateQueries({ queryKey: ["inbox", "conversation", contactId] });
    },
  });
  return (reply: Reply, content: Content) => {
    putOut(contactId, { reply, content, startedAt: new Date().toISOString(), error: null });
    mutate(reply);
  };
}
