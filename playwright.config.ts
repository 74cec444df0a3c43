import { defineConfig } from "@playwright/test";
import { findBrowser } from "./e2e/browser";

/** Run by local/test.ts, which starts the whole stack and names its address in BASE_URL. */
export default defineConfig({
  testDir: "e2e",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: process.env.BASE_URL ?? "http://localhost:3000",
    launchOptions: await findBrowser(),
    trace: "retain-on-failure",
    timezoneId: "Asia/Kathmandu",
    locale: "en-US",
  },
});
