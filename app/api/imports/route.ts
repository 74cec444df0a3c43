import { userRoute } from "@/lib/http";
import { uploadQuerySchema } from "@/lib/imports/schema";
import { refuseLength, uploadImport } from "@/lib/imports/service";

/** The body is the file itself. */
export const POST = userRoute({ query: uploadQuerySchema }, async ({ userId, query, request }) => {
  refuseLength(request.headers.get("content-length"));
  return Response.json(await uploadImport(userId, query.fileName, request.body), { status: 201 });
});
