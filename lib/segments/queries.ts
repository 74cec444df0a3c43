import { api } from "@/lib/api-client";
import type { SegmentInput } from "@/lib/segments/schema";

export const createSegment = (input: SegmentInput) => api.post<{ id: string }>("/api/segments", input);
export const updateSegment = (id: string, input: SegmentInput) =>
  api.patch<null>(`/api/segments/${id}`, input);
export const deleteSegment = (id: string) => api.delete<null>(`/api/segments/${id}`);
