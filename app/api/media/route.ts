import { userRoute } from "@/lib/http";
import { uploadQuerySchema } from "@/lib/media/schema";
import { uploadMedia } from "@/lib/media/service";

/** The body is the file itself. */
export const POST = userRoute({ query: uploadQuerySchema }, async ({ userId, query, request }) =>
  Response.json(await uploadMedia(userId, query.fileName, request.body), { status: 201 }),
);
