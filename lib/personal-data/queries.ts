import { api } from "@/lib/api-client";

/** A file for the person, to be downloaded. */
export const personalDataUrl = (contactId: string) => `/api/contacts/${contactId}/personal-data`;

export const erasePerson = (contactId: string) => api.delete<null>(personalDataUrl(contactId));
