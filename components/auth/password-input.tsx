"use client";

import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

type Props = Omit<ComponentProps<typeof Input>, "type" | "className"> & {
  autoComplete: "current-password" | "new-password";
};

/** Whoever can see what he types makes fewer mistakes and chooses longer passwords. */
export function PasswordInput(props: Props) {
  const [isVisible, setVisible] = useState(false);
  const Icon = isVisible ? EyeOff : Eye;
  return (
    <div className="relative">
      <Input
        {...props}
        type={isVisible ? "text" : "password"}
        autoCapitalize="none"
        spellCheck={false}
        className="pr-10"
      />
      <Button
        variant="ghost"
        size="icon"
        aria-label="Show the password"
        aria-pressed={isVisible}
        className="absolute inset-y-0 right-0 text-muted-foreground"
        onClick={() => setVisible(!isVisible)}
      >
        <Icon aria-hidden />
      </Button>
    </div>
  );
}
