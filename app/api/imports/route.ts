import { userRoute } from "@/lib/http";
import { uploadQuerySchema } from "@/lib/imports/schema";
import { uploadImport } from "@/lib/imports/service";

/** The body is the file itself. */
export const POST = userRoute({ query: uploadQuerySchema }, async ({ userId, query, request }) =>
  Response.json(await uploadImport(userId, query.fileName, request.body), { status: 201 }),
);
