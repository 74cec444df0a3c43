import { Readable } from "node:stream";
import { userRoute } from "@/lib/http";
import { messageParamsSchema } from "@/lib/inbox/schema";
import { openFile } from "@/lib/inbox/service";
import { fileHeaders } from "@/lib/media/headers";

export const GET = userRoute({ params: messageParamsSchema }, async ({ userId, params, request }) => {
  const range = request.headers.get("range");
  const { bytes, mimeType, size, part, fileName } = await openFile(userId, params.messageId, range);
  const headers = {
    ...fileHeaders(mimeType, fileName),
    "accept-ranges": "bytes",
    ...(size !== null && { "content-length": String(size) }),
    ...(part !== null && { "content-range": part }),
  };
  const status = part === null ? 200 : 206;
  return new Response(Readable.toWeb(Readable.from(bytes)) as ReadableStream, { status, headers });
});
