"use client";

import { Check, Copy } from "lucide-react";
import { type ComponentProps, useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";

type Props = Omit<ComponentProps<typeof Button>, "children" | "onClick" | "value" | "asChild"> & {
  value: string;
  /** What is copied, such as "verify token". */
  label: string;
};

export function CopyButton({ value, label, ...props }: Props) {
  const [isCopied, setCopied] = useState(false);

  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // Browsers lend the clipboard to https pages and localhost only.
      toast.error(`The browser did not let us copy the ${label}. Select it and copy it by hand.`);
    }
  };

  return (
    <>
      <Button variant="secondary" size="icon" aria-label={`Copy ${label}`} {...props} onClick={copy}>
        {isCopied ? <Check aria-hidden className="text-success" /> : <Copy aria-hidden />}
      </Button>
      <span role="status" className="sr-only">
        {isCopied && `Copied the ${label}`}
      </span>
    </>
  );
}
