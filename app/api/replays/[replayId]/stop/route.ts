import { userRoute } from "@/lib/http";
import { replayParamsSchema } from "@/lib/replays/schema";
import { stopReplay } from "@/lib/replays/service";

export const POST = userRoute({ params: replayParamsSchema }, ({ userId, params }) =>
  stopReplay(userId, params.replayId),
);
