import { AppError } from "@/lib/errors";
import { userRoute } from "@/lib/http";
import { MAX_FILE_BYTES, uploadQuerySchema } from "@/lib/imports/schema";
import { uploadImport } from "@/lib/imports/service";

/** The body is the file itself. */
export const POST = userRoute({ query: uploadQuerySchema }, async ({ userId, query, request }) => {
  if (Number(request.headers.get("content-length")) > MAX_FILE_BYTES) {
    throw new AppError(
      "TOO_LARGE",
      "The file is larger than 50 MB. Split it and upload the parts one after the other.",
    );
  }
  return Response.json(await uploadImport(userId, query.fileName, request.body), { status: 201 });
});
