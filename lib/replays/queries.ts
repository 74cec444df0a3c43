import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api-client";
import type { ReplayStatus } from "@/lib/db/generated/enums";
import type { EventQuery } from "@/lib/event-console/schema";
import type { Moment } from "@/lib/moment";

export type Replay = {
  id: string;
  status: ReplayStatus;
  totalCount: number;
  doneCount: number;
  failedCount: number;
  errorMessage: string | null;
  createdAt: Moment;
  completedAt: Moment | null;
};

const WHILE_RUNNING_MS = 1000;

/** The last one that was started. */
export const latestReplayQuery = () =>
  queryOptions({
    queryKey: ["replays", "latest"],
    queryFn: () => api.get<Replay | null>("/api/replays"),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? WHILE_RUNNING_MS : false),
  });

export const startReplay = (query: EventQuery) => api.post<{ id: string }>("/api/replays", query);
export const stopReplay = (id: string) => api.post<null>(`/api/replays/${id}/stop`);
