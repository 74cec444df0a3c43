import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { Selection } from "@/lib/bulk-actions/schema";
import type { BulkActionKind, BulkActionStatus } from "@/lib/db/generated/enums";

export type BulkActionProgress = {
  id: string;
  kind: BulkActionKind;
  tags: string[];
  status: BulkActionStatus;
  totalCount: number;
  processedCount: number;
  changedCount: number;
};

export const bulkActionQuery = (id: string) =>
  queryOptions({
    queryKey: ["bulk-actions", id],
    queryFn: () => api.get<BulkActionProgress>(`/api/bulk-actions/${id}`),
    refetchInterval: ({ state }) => (state.data && state.data.status !== "processing" ? false : 1000),
  });

export const startBulkAction = (input: { kind: BulkActionKind; tags?: string[]; selection: Selection }) =>
  api.post<{ id: string; totalCount: number }>("/api/bulk-actions", input);

export const cancelBulkAction = (id: string) => api.post<null>(`/api/bulk-actions/${id}/cancel`);
