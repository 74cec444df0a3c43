import { api } from "@/lib/api-client";

/** Makes two entries of one person one: `otherId` goes. */
export const mergeContacts = (id: string, otherId: string) =>
  api.post<null>(`/api/contacts/${id}/merge`, { otherId });
