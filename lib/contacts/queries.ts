import { api } from "@/lib/api-client";

type Agreement = { wording: string; agreedOn?: string | undefined };

export type ContactValues = {
  phone: string;
  name: string | null;
  email: string | null;
  tags: string[];
  metadata: Record<string, string>;
};

export const createContact = (values: ContactValues & { consent: Agreement | null }) =>
  api.post<{ id: string; optedIn: boolean; isSuppressed: boolean }>("/api/contacts", values);

/** A person whom we know by WhatsApp's id alone has no number to send. */
export const updateContact = ({
  id,
  ...values
}: Omit<ContactValues, "phone"> & { id: string; phone?: string }) =>
  api.patch<null>(`/api/contacts/${id}`, values);

export const deleteContact = (id: string) => api.delete<null>(`/api/contacts/${id}`);

export const optIn = ({ id, ...agreement }: Agreement & { id: string }) =>
  api.post<null>(`/api/contacts/${id}/consent`, { action: "opt_in", ...agreement });

export const optOut = ({ id, wording }: { id: string; wording?: string }) =>
  api.post<null>(`/api/contacts/${id}/consent`, { action: "opt_out", ...(wording && { wording }) });

export const blockContact = ({ id, reason }: { id: string; reason?: string }) =>
  api.post<null>(`/api/contacts/${id}/block`, { blocked: true, ...(reason && { reason }) });

export const unblockContact = (id: string) => api.post<null>(`/api/contacts/${id}/block`, { blocked: false });
