import type { ReactNode } from "react";
import { AppShell } from "@/components/shell/app-shell";
import { requireUser } from "@/lib/auth";
import { userRepository } from "@/lib/users/repository";

/** Layouts do not run again on navigation: every page below asks for the user itself. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const userId = await requireUser();
  const { email, businessName, isSandbox } = await userRepository.get(userId);
  return (
    <AppShell email={email} businessName={businessName ?? email} isSandbox={isSandbox}>
      {children}
    </AppShell>
  );
}
