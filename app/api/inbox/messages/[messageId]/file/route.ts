import { Readable } from "node:stream";
import { userRoute } from "@/lib/http";
import { messageParamsSchema } from "@/lib/inbox/schema";
import { openFile } from "@/lib/inbox/service";
import { fileHeaders } from "@/lib/media/headers";

export const GET = userRoute({ params: messageParamsSchema }, async ({ userId, params }) => {
  const { bytes, mimeType, size, fileName } = await openFile(userId, params.messageId);
  const headers = {
    ...fileHeaders(mimeType, fileName),
    ...(size !== null && { "content-length": String(size) }),
  };
  return new Response(Readable.toWeb(Readable.from(bytes)) as ReadableStream, { headers });
});
