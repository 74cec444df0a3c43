import { eventParamsSchema } from "@/lib/event-console/schema";
import { replayEvent } from "@/lib/event-console/service";
import { userRoute } from "@/lib/http";

export const POST = userRoute({ params: eventParamsSchema }, ({ userId, params }) =>
  replayEvent(userId, params.eventId),
);
