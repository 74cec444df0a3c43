import { eventParamsSchema } from "@/lib/event-console/schema";
import { getEvent } from "@/lib/event-console/service";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ params: eventParamsSchema }, ({ userId, params }) =>
  getEvent(userId, params.eventId),
);
