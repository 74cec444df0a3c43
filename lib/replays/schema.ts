import * as z from "zod";

export { eventQuerySchema as startReplaySchema } from "@/lib/event-console/schema";

/** A replay of more would last for hours: choose fewer days. */
export const MAX_REPLAYED = 100_000;

export const replayParamsSchema = z.object({ replayId: z.uuid() });
