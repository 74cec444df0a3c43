"use client";

import { Download, FileText, ImageOff } from "lucide-react";
import { useState } from "react";
import type { Content } from "@/lib/inbox/content";
import { fileUrl } from "@/lib/inbox/queries";

type Media = Extract<Content, { kind: "media" }>;
type Props = { messageId: string | null; content: Media };

/** Every picture has the same place, so that nothing moves when it arrives. */
const frame = "block h-48 w-64 max-w-full rounded-md bg-muted object-contain";

/** A file that only WhatsApp has; what people send is gone there after seven days. */
export function MediaContent({ messageId, content }: Props) {
  const [isGone, setGone] = useState(false);
  const { type, fileName, caption } = content;
  if (messageId === null) return <FileName name={fileName ?? "A file"} />;
  if (isGone) {
    return (
      <p className="flex max-w-64 items-center gap-2 text-muted-foreground text-xs">
        <ImageOff aria-hidden className="size-4 shrink-0" />
        This file could not be loaded. WhatsApp keeps what people send for seven days.
      </p>
    );
  }
  const url = fileUrl(messageId);
  const shared = { src: url, onError: () => setGone(true) };
  switch (type) {
    case "image":
    case "sticker":
      return (
        <a href={url} target="_blank" rel="noreferrer" className="rounded-md">
          {/* biome-ignore lint/performance/noImgElement: the file is somebody's own and served by us as it is */}
          <img
            {...shared}
            alt={caption || (type === "sticker" ? "A sticker" : "An image without a description")}
            loading="lazy"
            className={frame}
          />
        </a>
      );
    case "video":
      return (
        <video {...shared} controls preload="none" aria-label={caption || "A video"} className={frame} />
      );
    case "audio":
      return (
        <audio {...shared} controls preload="none" aria-label="A voice message" className="w-64 max-w-full" />
      );
    case "document":
      return (
        <a
          href={url}
          download
          className="flex max-w-full items-center gap-2 rounded-md border bg-background/60 px-2.5 py-2 hover:border-border-strong"
        >
          <FileText aria-hidden className="size-5 shrink-0 text-primary" />
          <span className="wrap-anywhere min-w-0">{fileName ?? "A document"}</span>
          <Download aria-label="Download" className="size-4 shrink-0 text-muted-foreground" />
        </a>
      );
  }
}

function FileName({ name }: { name: string }) {
  return (
    <p className="flex items-center gap-2">
      <FileText aria-hidden className="size-5 shrink-0 text-primary" />
      <span className="wrap-anywhere min-w-0">{name}</span>
    </p>
  );
}
