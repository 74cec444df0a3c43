import { bulkActionRepository } from "@/lib/bulk-actions/repository";
import { bulkActionIdSchema } from "@/lib/bulk-actions/schema";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: bulkActionIdSchema }, ({ userId, params }) =>
  bulkActionRepository.cancel(userId, params.bulkActionId),
);
