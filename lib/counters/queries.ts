import { api } from "@/lib/api-client";

export type Counters = { sentCount: number; deliveredCount: number; readCount: number; failedCount: number };
/** The counters as they were, and as the rows say they are. */
export type Recount = { before: Counters; after: Counters };

export const recountCampaign = (id: string) => api.post<Recount>(`/api/campaigns/${id}/recount`);
