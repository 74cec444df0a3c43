import { contactIdSchema } from "@/lib/contacts/schema";
import { userRoute } from "@/lib/http";
import { erasePerson, exportPersonalData } from "@/lib/personal-data/service";

export const GET = userRoute({ params: contactIdSchema }, async ({ userId, params }) => {
  const data = await exportPersonalData(userId, params.contactId);
  return new Response(JSON.stringify(data, null, 2), {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "content-disposition": 'attachment; filename="personal-data.json"',
      "cache-control": "no-store",
    },
  });
});

export const DELETE = userRoute({ params: contactIdSchema }, ({ userId, params }) =>
  erasePerson(userId, params.contactId),
);
