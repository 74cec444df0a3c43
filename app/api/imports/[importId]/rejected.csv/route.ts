import { userRoute } from "@/lib/http";
import { toBody } from "@/lib/imports/csv";
import { importIdSchema } from "@/lib/imports/schema";
import { exportRejected } from "@/lib/imports/service";

export const GET = userRoute({ params: importIdSchema }, async ({ userId, params }) => {
  const file = await exportRejected(userId, params.importId);
  return new Response(toBody(file), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="rejected-rows-${params.importId.slice(-8)}.csv"`,
      "cache-control": "no-store",
    },
  });
});
