import { queryOptions } from "@tanstack/react-query";
import { api, queryString } from "@/lib/api-client";
import type {
  Audience,
  CreateCampaign,
  MessageContent,
  RecipientListQuery,
  Schedule,
} from "@/lib/campaigns/schema";
import type { Filter } from "@/lib/contact-filters/schema";
import type { CampaignStatus, MessageStatus, MessageType } from "@/lib/db/generated/enums";
import type { Plan } from "@/lib/lanes/plan";
import type { Moment } from "@/lib/moment";

/** The live numbers of a campaign: cumulative counters, and how many messages are in each state now. */
export type CampaignProgress = {
  id: string;
  status: CampaignStatus;
  pauseReason: string | null;
  errorMessage: string | null;
  scheduledAt: Moment | null;
  startedAt: Moment | null;
  completedAt: Moment | null;
  totalRecipients: number;
  sentCount: number;
  deliveredCount: number;
  readCount: number;
  failedCount: number;
  states: Record<MessageStatus, number>;
  /** Of those held by WhatsApp, for how many it has said nothing for more than 24 hours. */
  heldLong: number;
  /** People whose message failed and may succeed on another try. */
  retryable: number;
  /** While everybody but the first part waits: how many got it first, and since when they all did. */
  canary: { size: number; minutes: number; sentAt: Moment | null } | null;
  /** While WhatsApp's messaging limit is used up: how many people a day it is, and until when. */
  limit: { people: number; until: Moment | null } | null;
};

/** What stands in the way of sending, and where it would be put right. */
export type CampaignProblem = {
  cause: "connection" | "template" | "variables" | "media" | "audience";
  message: string;
};

export type CampaignCheck = {
  recipients: number;
  /** Of a text campaign, who would get it now: those who have written within 24 hours. */
  withinWindow: number | null;
  canary: { size: number; minutes: number } | null;
  /** Whom the list of contacts is to show: the recipients. */
  filter: Filter;
  problems: CampaignProblem[];
  durationSeconds: number;
  messagesPerSecond: number;
  isSandbox: boolean;
  /** How WhatsApp's messaging limit spreads it over days; null when it does not. */
  plan: Plan | null;
};

export type AudiencePreview = {
  recipients: number;
  /** Of a text campaign, who would get it now: those who have written within 24 hours. */
  withinWindow: number | null;
  /** Whom the list of contacts is to show: the recipients. */
  filter: Filter;
  samples: { contactId: string; name: string | null; parameters: string[] }[];
};

export type Recipient = {
  id: string;
  status: MessageStatus;
  sentAt: Moment | null;
  deliveredAt: Moment | null;
  readAt: Moment | null;
  failedAt: Moment | null;
  errorCode: string | null;
  errorMessage: string | null;
  contact: { id: string; name: string | null; phone: string | null; deletedAt: Moment | null };
};

export type RecipientPage = { items: Recipient[]; nextCursor: string | null };

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Every second while messages go out, then more and more rarely as receipts may still come in. */
export function refetchIntervalOf(
  progress: Pick<CampaignProgress, "status" | "scheduledAt" | "completedAt"> | undefined,
  now = Date.now(),
): number {
  const since = (moment: Moment | null) =>
    moment ? now - new Date(moment).getTime() : Number.POSITIVE_INFINITY;
  switch (progress?.status) {
    case undefined:
    case "processing":
      return SECOND_MS;
    case "scheduled":
      return since(progress.scheduledAt) > -MINUTE_MS ? SECOND_MS : 15 * SECOND_MS;
    case "draft":
      return 30 * SECOND_MS;
    case "completed":
      if (since(progress.completedAt) < 2 * MINUTE_MS) return 2 * SECOND_MS;
      return since(progress.completedAt) < 60 * MINUTE_MS ? 10 * SECOND_MS : MINUTE_MS;
    default:
      return 5 * SECOND_MS;
  }
}

export const campaignProgressQuery = (id: string) =>
  queryOptions({
    queryKey: ["campaigns", id, "progress"],
    queryFn: () => api.get<CampaignProgress>(`/api/campaigns/${id}/progress`),
    refetchInterval: ({ state }) => refetchIntervalOf(state.data),
  });

export const campaignRecipientsQuery = (id: string, query: RecipientListQuery) =>
  queryOptions({
    queryKey: ["campaigns", id, "recipients", query],
    queryFn: () => api.get<RecipientPage>(`/api/campaigns/${id}/recipients${queryString(query)}`),
  });

export const audiencePreviewQuery = (
  messageType: MessageType,
  audience: Audience,
  parameters: MessageContent["parameters"],
) =>
  queryOptions({
    queryKey: ["campaigns", "audience", messageType, audience, parameters],
    queryFn: () =>
      api.post<AudiencePreview>("/api/campaigns/audience", {
        messageType,
        audience,
        messageContent: { parameters },
      }),
    placeholderData: (previous: AudiencePreview | undefined) => previous,
  });

export const createCampaign = (input: CreateCampaign) => api.post<{ id: string }>("/api/campaigns", input);
export const updateCampaign = (id: string, input: CreateCampaign) =>
  api.patch<null>(`/api/campaigns/${id}`, input);
export const deleteCampaign = (id: string) => api.delete<null>(`/api/campaigns/${id}`);
export const launchCampaign = (id: string) => api.post<null>(`/api/campaigns/${id}/launch`);
export const scheduleCampaign = (id: string, schedule: Schedule) =>
  api.post<null>(`/api/campaigns/${id}/schedule`, schedule);
export const unscheduleCampaign = (id: string) => api.delete<null>(`/api/campaigns/${id}/schedule`);
export const pauseCampaign = (id: string) => api.post<null>(`/api/campaigns/${id}/pause`);
export const resumeCampaign = (id: string) => api.post<null>(`/api/campaigns/${id}/resume`);
export const sendUnknown = (id: string) => api.post<null>(`/api/campaigns/${id}/send-unknown`);
export const retryFailed = (id: string) => api.post<null>(`/api/campaigns/${id}/retry-failed`);
export const sendRest = (id: string) => api.post<null>(`/api/campaigns/${id}/send-rest`);
export const cancelCampaign = (id: string) => api.post<null>(`/api/campaigns/${id}/cancel`);
