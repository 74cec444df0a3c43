import { previewAudience } from "@/lib/audiences/service";
import { audiencePreviewSchema } from "@/lib/campaigns/schema";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ body: audiencePreviewSchema }, ({ userId, body }) =>
  previewAudience(userId, body),
);
