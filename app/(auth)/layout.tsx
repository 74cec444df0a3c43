import type { ReactNode } from "react";
import { Arcade } from "@/components/shell/arcade";
import { Logo } from "@/components/shell/logo";

const promises = [
  ["You know before you press Send", "Who will get it, what it says to each of them, how long it takes."],
  [
    "It cannot send twice",
    "Each person is ticked off before their message leaves, so no double click and no crash sends it again.",
  ],
  ["It stops itself", "When WhatsApp refuses the template or the account, it waits for you and says why."],
];

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="grid content-center justify-items-center px-4 py-10 sm:px-8">
        <div className="grid w-full max-w-sm gap-8">
          <Logo className="text-lg" />
          {children}
        </div>
      </div>
      <div className="relative hidden overflow-hidden bg-brand text-brand-foreground lg:grid lg:content-center lg:px-16">
        <Arcade className="absolute inset-x-0 bottom-0 h-2/5 w-full opacity-25" />
        <dl className="relative grid max-w-md gap-6 pb-24">
          {promises.map(([title, text]) => (
            <div key={title} className="grid gap-1">
              <dt className="font-semibold text-xl tracking-tight">{title}</dt>
              <dd className="text-base">{text}</dd>
            </div>
          ))}
        </dl>
      </div>
    </main>
  );
}
