import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    // Not the machine's zone, and not a whole hour away from any other.
    env: { TZ: "Asia/Kathmandu" },
    exclude: [...configDefaults.exclude, "**/.next/**", "e2e/**"],
    globalSetup: "lib/testing/database.ts",
    setupFiles: "lib/testing/worker-database.ts",
    maxWorkers: "100%",
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
