"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { FocusKeeper } from "@/components/shell/focus-keeper";
import { Toaster } from "@/components/ui/toaster";

const createQueryClient = () =>
  new QueryClient({ defaultOptions: { queries: { staleTime: 5_000, retry: 1 } } });

let browserClient: QueryClient | undefined;

/** One client per browser, but a new one per request on the server, where tenants would share it. */
function getQueryClient(): QueryClient {
  if (typeof window === "undefined") return createQueryClient();
  browserClient ??= createQueryClient();
  return browserClient;
}

export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={getQueryClient()}>
      <ThemeProvider attribute="class" disableTransitionOnChange>
        {children}
        <FocusKeeper />
        <Toaster />
      </ThemeProvider>
    </QueryClientProvider>
  );
}
