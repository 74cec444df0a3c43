import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { Audience, CreateCampaign, MessageContent } from "@/lib/campaigns/schema";
import type { CampaignStatus, MessageStatus } from "@/lib/db/generated/enums";

/** The live numbers of a campaign: cumulative counters, and how many messages are in each state now. */
export type CampaignProgress = {
  id: string;
  status: CampaignStatus;
  pauseReason: string | null;
  errorMessage: string | null;
  scheduledAt: string | null;
  startedAt: string | null;
  completedAt: string | null;
  totalRecipients: number;
  sentCount: number;
  deliveredCount: number;
  readCount: number;
  failedCount: number;
  states: Record<MessageStatus, number>;
};

export type CampaignCheck = {
  recipients: number;
  problems: string[];
  durationSeconds: number;
  messagesPerSecond: number;
  isSandbox: boolean;
};

export type AudiencePreview = {
  recipients: number;
  samples: { contactId: string; name: string | null; parameters: string[] }[];
};

const isMoving = (status: CampaignStatus | undefined) => status === "processing" || status === "scheduled";

/** Asks every second while the campaign sends, then more and more rarely while receipts may still come in. */
export const campaignProgressQuery = (id: string) =>
  queryOptions({
    queryKey: ["campaigns", id, "progress"],
    queryFn: () => api.get<CampaignProgress>(`/api/campaigns/${id}/progress`),
    refetchInterval: ({ state }) => (isMoving(state.data?.status) ? 1000 : 5000),
  });

export const audiencePreviewQuery = (audience: Audience, parameters: MessageContent["parameters"]) =>
  queryOptions({
    queryKey: ["campaigns", "audience", audience, parameters],
    queryFn: () =>
      api.post<AudiencePreview>("/api/campaigns/audience", { audience, messageContent: { parameters } }),
    placeholderData: (previous: AudiencePreview | undefined) => previous,
  });

export const createCampaign = (input: CreateCampaign) => api.post<{ id: string }>("/api/campaigns", input);
export const updateCampaign = (id: string, input: CreateCampaign) =>
  api.patch<null>(`/api/campaigns/${id}`, input);
export const deleteCampaign = (id: string) => api.delete<null>(`/api/campaigns/${id}`);
export const launchCampaign = (id: string) => api.post<null>(`/api/campaigns/${id}/launch`);
export const scheduleCampaign = (id: string, scheduledAt: string) =>
  api.post<null>(`/api/campaigns/${id}/schedule`, { scheduledAt });
export const unscheduleCampaign = (id: string) => api.delete<null>(`/api/campaigns/${id}/schedule`);
export const pauseCampaign = (id: string) => api.post<null>(`/api/campaigns/${id}/pause`);
export const resumeCampaign = (id: string) => api.post<null>(`/api/campaigns/${id}/resume`);
export const cancelCampaign = (id: string) => api.post<null>(`/api/campaigns/${id}/cancel`);
