import { bulkActionSchema } from "@/lib/bulk-actions/schema";
import { startBulkAction } from "@/lib/bulk-actions/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ body: bulkActionSchema }, async ({ userId, body }) =>
  Response.json(await startBulkAction(userId, body), { status: 201 }),
);
