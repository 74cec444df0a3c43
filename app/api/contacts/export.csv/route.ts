import { exportContacts } from "@/lib/contact-exports/service";
import { filterAddressSchema, filterOf } from "@/lib/contact-filters/schema";
import { userRoute } from "@/lib/http";
import { toBody } from "@/lib/imports/csv";

export const GET = userRoute({ query: filterAddressSchema }, async ({ userId, query }) => {
  return new Response(toBody(exportContacts(userId, filterOf(query))), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="contacts.csv"',
      "cache-control": "no-store",
    },
  });
});
