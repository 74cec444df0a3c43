import { api, queryString } from "@/lib/api-client";
import type { Media } from "@/lib/media/schema";

export const uploadMedia = (file: File) =>
  api.upload<Media>(`/api/media${queryString({ fileName: file.name })}`, file);
