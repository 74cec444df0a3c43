import { audiencePreviewSchema } from "@/lib/campaigns/schema";
import { previewAudience } from "@/lib/campaigns/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ body: audiencePreviewSchema }, ({ userId, body }) =>
  previewAudience(userId, body),
);
