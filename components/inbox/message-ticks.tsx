import { Check, CheckCheck, CircleAlert, CircleHelp, Clock, type LucideIcon } from "lucide-react";
import type { MessageStatus } from "@/lib/db/generated/enums";
import { cn } from "@/lib/utils";

const ticks: Partial<Record<MessageStatus, { icon: LucideIcon; words: string; className?: string }>> = {
  sending: { icon: Clock, words: "Being sent" },
  sent: { icon: Check, words: "Sent" },
  delivered: { icon: CheckCheck, words: "Delivered" },
  read: { icon: CheckCheck, words: "Read", className: "text-info" },
  failed: { icon: CircleAlert, words: "Not sent", className: "text-danger" },
  unknown: { icon: CircleHelp, words: "Not known whether it was sent", className: "text-warning" },
};

/** As WhatsApp shows them, and in words. */
export function MessageTicks({ status }: { status: MessageStatus }) {
  const tick = ticks[status];
  if (!tick) return null;
  const { icon: Icon, words, className } = tick;
  return (
    <span title={words} className={cn("inline-flex", className)}>
      <Icon aria-hidden className="size-4" />
      <span className="sr-only">{words}</span>
    </span>
  );
}
