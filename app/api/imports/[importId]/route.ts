import { userRoute } from "@/lib/http";
import { importIdSchema } from "@/lib/imports/schema";
import { discardImport, getImport } from "@/lib/imports/service";

export const GET = userRoute({ params: importIdSchema }, ({ userId, params }) =>
  getImport(userId, params.importId),
);

/** Takes an upload back that was not started. */
export const DELETE = userRoute({ params: importIdSchema }, ({ userId, params }) =>
  discardImport(userId, params.importId),
);
