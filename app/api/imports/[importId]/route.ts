import { userRoute } from "@/lib/http";
import { importIdSchema } from "@/lib/imports/schema";
import { getImport } from "@/lib/imports/service";

export const GET = userRoute({ params: importIdSchema }, ({ userId, params }) =>
  getImport(userId, params.importId),
);
