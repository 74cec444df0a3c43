import { userRoute } from "@/lib/http";
import { checkUndo, startUndo } from "@/lib/import-undos/service";
import { importIdSchema } from "@/lib/imports/schema";

/** What undoing would do. */
export const GET = userRoute({ params: importIdSchema }, ({ userId, params }) =>
  checkUndo(userId, params.importId),
);

export const POST = userRoute({ params: importIdSchema }, ({ userId, params }) =>
  startUndo(userId, params.importId),
);
