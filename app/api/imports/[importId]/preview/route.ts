import { userRoute } from "@/lib/http";
import { importIdSchema } from "@/lib/imports/schema";
import { previewImport } from "@/lib/imports/service";

export const GET = userRoute({ params: importIdSchema }, ({ userId, params }) =>
  previewImport(userId, params.importId),
);
