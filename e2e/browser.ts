import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium, type LaunchOptions } from "@playwright/test";

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

/** The bundled browser comes without its sandbox's helper and without a GPU library. Its own list is made for one page. */
const withoutHelpers = [
  "--no-sandbox",
  "--no-zygote",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

/** The browser that Playwright installed, else the system's, else the one that comes in an npm package. */
export async function findBrowser(): Promise<LaunchOptions> {
  const sandboxing = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const found = [chromium.executablePath(), ...installed].find((path) => existsSync(path));
  if (found && !process.env.E2E_BUNDLED_BROWSER)
    return { executablePath: found, args: [...quiet, ...sandboxing] };
  return findBundledBrowser();
}

/**
 * @sparticuz/chromium brings the system libraries that it needs, too, but unpacks them on AWS Lambda only: a machine
 * without them is called one.
 */
async function findBundledBrowser(): Promise<LaunchOptions> {
  if (!hasLibraries() || process.env.E2E_BUNDLED_BROWSER === "with-libraries") {
    process.env.AWS_LAMBDA_JS_RUNTIME ??= `nodejs${process.versions.node.split(".")[0]}.x`;
  }
  const { default: bundled } = await import("@sparticuz/chromium");
  return { executablePath: await bundled.executablePath(), args: [...quiet, ...withoutHelpers] };
}

const hasLibraries = () => {
  const { stdout } = spawnSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" });
  return ["libnss3.so", "libnspr4.so", "libexpat.so.1"].every((name) => stdout?.includes(name));
};
