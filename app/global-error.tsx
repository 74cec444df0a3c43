"use client";

import { ErrorState } from "@/components/shell/error-state";
import "./globals.css";

/** Stands in for the root layout, so it brings its own document and knows no theme. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body className="font-sans antialiased">
        <title>Something failed · Campanile</title>
        <main>
          <ErrorState error={error} retry={retry} />
        </main>
      </body>
    </html>
  );
}
