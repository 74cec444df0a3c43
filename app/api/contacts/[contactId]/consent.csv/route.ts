import { exportEvidence } from "@/lib/consent/service";
import { contactIdSchema } from "@/lib/contacts/schema";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ params: contactIdSchema }, async ({ userId, params }) => {
  const file = await exportEvidence(userId, params.contactId);
  return new Response(file, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="consent-${params.contactId.slice(-8)}.csv"`,
      "cache-control": "no-store",
    },
  });
});
