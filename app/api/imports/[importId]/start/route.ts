import { userRoute } from "@/lib/http";
import { importIdSchema, startImportSchema } from "@/lib/imports/schema";
import { startImport } from "@/lib/imports/service";

export const POST = userRoute(
  { params: importIdSchema, body: startImportSchema },
  ({ userId, params, body }) => startImport(userId, params.importId, body),
);
