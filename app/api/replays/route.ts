import { userRoute } from "@/lib/http";
import { replayRepository } from "@/lib/replays/repository";
import { startReplaySchema } from "@/lib/replays/schema";
import { startReplay } from "@/lib/replays/service";

export const GET = userRoute({}, ({ userId }) => replayRepository.findLatest(userId));

export const POST = userRoute({ body: startReplaySchema }, async ({ userId, body }) =>
  Response.json(await startReplay(userId, body), { status: 201 }),
);
