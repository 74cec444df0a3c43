import { Copy, ExternalLink, type LucideIcon, Phone, Reply } from "lucide-react";
import type { TemplateFormButton } from "@/lib/templates/form";

type Kind = { type: TemplateFormButton["type"]; label: string; icon: LucideIcon };

export const buttonKinds: Kind[] = [
  { type: "QUICK_REPLY", label: "Quick reply", icon: Reply },
  { type: "URL", label: "Open a website", icon: ExternalLink },
  { type: "PHONE_NUMBER", label: "Call a number", icon: Phone },
  { type: "COPY_CODE", label: "Copy an offer code", icon: Copy },
];

export const buttonIcon = (type: string): LucideIcon =>
  buttonKinds.find((kind) => kind.type === type)?.icon ?? Reply;
