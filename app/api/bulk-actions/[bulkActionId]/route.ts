import { bulkActionRepository } from "@/lib/bulk-actions/repository";
import { bulkActionIdSchema } from "@/lib/bulk-actions/schema";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ params: bulkActionIdSchema }, ({ userId, params }) =>
  bulkActionRepository.get(userId, params.bulkActionId),
);
