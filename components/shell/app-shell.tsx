import Link from "next/link";
import type { ReactNode } from "react";
import { AccountName } from "@/components/shell/account-name";
import { Logo, LogoMark } from "@/components/shell/logo";
import { MobileNav } from "@/components/shell/mobile-nav";
import { NavLinks } from "@/components/shell/nav-links";
import { SkipLink } from "@/components/shell/skip-link";
import { UserMenu } from "@/components/shell/user-menu";

type Props = {
  email: string;
  businessName: string;
  isSandbox: boolean;
  children: ReactNode;
};

/** Sidebar on a wide screen, top bar on a narrow one. Holds the page's only `main`. */
export function AppShell({ email, businessName, isSandbox, children }: Props) {
  return (
    <div className="lg:grid lg:grid-cols-[15rem_minmax(0,1fr)] print:block">
      <SkipLink />
      <header className="sticky top-0 hidden h-dvh flex-col gap-6 border-r bg-muted/40 p-3 lg:flex print:hidden">
        <Link href="/" className="mt-1 ml-1 w-fit rounded-sm px-1">
          <Logo />
        </Link>
        <div className="min-h-0 flex-1 overflow-y-auto">
          <NavLinks />
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2 border-t pt-3">
          <AccountName businessName={businessName} isSandbox={isSandbox} className="flex-wrap px-2.5" />
          <UserMenu email={email} />
        </div>
      </header>
      <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b bg-background px-3 lg:hidden print:hidden">
        <MobileNav />
        <Link href="/" aria-label="Campanile" className="rounded-md">
          <LogoMark className="h-7" />
        </Link>
        <div className="min-w-0 flex-1">
          <AccountName businessName={businessName} isSandbox={isSandbox} />
        </div>
        <UserMenu email={email} compact />
      </header>
      <main id="main" tabIndex={-1} className="min-w-0 outline-none">
        <div className="mx-auto w-full max-w-7xl px-4 py-6 sm:px-6 lg:px-10 lg:py-8">{children}</div>
      </main>
    </div>
  );
}
