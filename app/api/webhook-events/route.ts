import { eventListSchema } from "@/lib/event-console/schema";
import { listEvents } from "@/lib/event-console/service";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ query: eventListSchema }, ({ userId, query }) => listEvents(userId, query));
