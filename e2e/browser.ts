import { existsSync } from "node:fs";
import { chromium, type LaunchOptions } from "@playwright/test";
import sparticuz from "@sparticuz/chromium";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Chromium looks for updates and extensions on its own; in a test it has nothing to say to anybody but the app. */
const quiet = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** The browser that Playwright installed, else the system's, else the one that comes in an npm package. */
export async function findBrowser(): Promise<LaunchOptions> {
  const sandboxing = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const found = [chromium.executablePath(), ...installed].find((path) => existsSync(path));
  if (found && !process.env.E2E_BUNDLED_BROWSER)
    return { executablePath: found, args: [...quiet, ...sandboxing] };
  return { executablePath: await sparticuz.executablePath(), args: [...sparticuz.args, ...quiet] };
}
