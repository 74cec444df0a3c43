"use client";

import { ErrorState } from "@/components/shell/error-state";

export default function RootError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main>
      <ErrorState error={error} retry={retry} />
    </main>
  );
}
