import { queryOptions } from "@tanstack/react-query";
import { api, queryString, type UploadOptions } from "@/lib/api-client";
import type { ImportStatus } from "@/lib/db/generated/enums";
import type { GuessedMapping } from "@/lib/imports/mapping";
import type { RejectedRow, StartImport } from "@/lib/imports/schema";

export type ImportProgress = {
  id: string;
  fileName: string;
  status: ImportStatus;
  consentStatement: string | null;
  totalRows: number;
  createdCount: number;
  updatedCount: number;
  unchangedCount: number;
  skippedCount: number;
  rejectedCount: number;
  duplicateCount: number;
  removedCount: number;
  restoredCount: number;
  keptCount: number;
  errorMessage: string | null;
  createdAt: string;
  completedAt: string | null;
  undoneAt: string | null;
  columns: string[];
  rejectedRows: RejectedRow[];
};

export type ImportPreview = {
  id: string;
  fileName: string;
  totalRows: number;
  columns: string[];
  rows: string[][];
  defaultCountry: string;
  mapping: GuessedMapping;
  /** The mapping and what goes with it are those of the last file with the same header. */
  isRemembered: boolean;
  existing: StartImport["existing"];
  duplicates: StartImport["duplicates"];
  /** What the plan will not take. */
  warning: string | null;
};

export const uploadImport = (file: File, options: UploadOptions) =>
  api.upload<{ id: string }>(`/api/imports${queryString({ fileName: file.name })}`, file, options);

export const discardImport = (id: string) => api.delete<null>(`/api/imports/${id}`);

export const startImport = ({ id, ...input }: StartImport & { id: string }) =>
  api.post<null>(`/api/imports/${id}/start`, input);

export const undoImport = (id: string) => api.post<null>(`/api/imports/${id}/undo`);

export type UndoCheck = { created: number; changed: number; kept: number };

/** What undoing would do; asked anew each time, because people may have been used in the meantime. */
export const undoCheckQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", id, "undo"],
    queryFn: () => api.get<UndoCheck>(`/api/imports/${id}/undo`),
    staleTime: 0,
    gcTime: 0,
  });

/** Live while the import is being processed. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", id],
    queryFn: () => api.get<ImportProgress>(`/api/imports/${id}`),
    refetchInterval: ({ state }) =>
      state.data?.status === "processing" || state.data?.status === "undoing" ? 1000 : false,
  });
