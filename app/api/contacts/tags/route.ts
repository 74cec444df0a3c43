import { contactRepository } from "@/lib/contacts/repository";
import { userRoute } from "@/lib/http";

export const GET = userRoute({}, ({ userId }) => contactRepository.listTags(userId));
