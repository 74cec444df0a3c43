import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { CreateTemplate, Template, UpdateTemplate } from "@/lib/templates/schema";

/** Asks again every two seconds while WhatsApp has not decided. */
export const templateQuery = (templateId: string) =>
  queryOptions({
    queryKey: ["templates", templateId],
    queryFn: () => api.get<Template>(`/api/templates/${templateId}`),
    refetchInterval: ({ state }) => (state.data?.status === "pending" ? 2000 : false),
  });

export const createTemplate = (input: CreateTemplate) => api.post<Template>("/api/templates", input);

export const updateTemplate = (templateId: string, input: UpdateTemplate) =>
  api.patch<Template>(`/api/templates/${templateId}`, input);

export const submitTemplate = (templateId: string) =>
  api.post<Template>(`/api/templates/${templateId}/submit`);

export const deleteTemplate = (templateId: string) => api.delete<null>(`/api/templates/${templateId}`);

export type SyncReport = {
  updated: number;
  imported: number;
  skipped: number;
  unchanged: number;
  missing: number;
};

export const syncTemplates = () => api.post<SyncReport>("/api/templates/sync");
