import { FileText, ImageIcon, Video } from "lucide-react";
import type { MediaKind } from "@/lib/media/schema";

const icons = { image: ImageIcon, video: Video, document: FileText } as const;

export const mediaIcon = (kind: MediaKind) => icons[kind];
