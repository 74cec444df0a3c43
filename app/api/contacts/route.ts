import { contactRepository } from "@/lib/contacts/repository";
import { contactListSchema, createContactSchema } from "@/lib/contacts/schema";
import { createContact } from "@/lib/contacts/service";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ query: contactListSchema }, ({ userId, query }) =>
  contactRepository.list(userId, query),
);

export const POST = userRoute({ body: createContactSchema }, async ({ userId, body }) =>
  Response.json(await createContact(userId, body), { status: 201 }),
);
