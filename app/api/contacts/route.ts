import { contactFilterRepository } from "@/lib/contact-filters/repository";
import { contactListSchema, filterOf } from "@/lib/contact-filters/schema";
import { contactListRepository } from "@/lib/contact-lists/repository";
import { createContactSchema } from "@/lib/contacts/schema";
import { createContact } from "@/lib/contacts/service";
import { userRoute } from "@/lib/http";

export const GET = userRoute({ query: contactListSchema }, async ({ userId, query }) => {
  const [page, total] = await Promise.all([
    contactListRepository.page(userId, query),
    contactFilterRepository.count(userId, filterOf(query)),
  ]);
  return { ...page, total };
});

export const POST = userRoute({ body: createContactSchema }, async ({ userId, body }) =>
  Response.json(await createContact(userId, body), { status: 201 }),
);
