import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Browser } from "@/local/browser";

type Account = { email: string; password: string };
type Import = {
  status: string;
  totalRows: number;
  createdCount: number;
  updatedCount: number;
  unchangedCount: number;
  rejectedCount: number;
  duplicateCount: number;
  errorMessage: string | null;
  rejectedRows: { line: number; reason: string; cells: string[] }[];
};
type Progress = {
  status: string;
  pauseReason: string | null;
  errorMessage: string | null;
  totalRecipients: number;
  sentCount: number;
  deliveredCount: number;
  readCount: number;
  failedCount: number;
  states: Record<string, number>;
};

const TEMPLATE = {
  name: "spring_sale",
  language: "en_US",
  category: "marketing",
  components: [
    { type: "HEADER", format: "TEXT", text: "Our spring sale is here" },
    {
      type: "BODY",
      text: "Hi {{1}}, until Sunday everything is {{2}} off in our shop. Come by, the new collection is waiting for you!",
      example: { body_text: [["Asha", "20%"]] },
    },
    { type: "FOOTER", text: "Reply STOP to hear no more from us" },
  ],
};

/** How long the numbers must stand still before the funnel is called final. */
const QUIET_MS = 5000;

/**
 * The whole main job through the app's public HTTP interface: import, template, campaign, receipts. Leaves everything
 * in place. Returns whether the campaign was completed.
 */
export async function runDemo(url: string, directory: string): Promise<boolean> {
  const browser = new Browser(url);
  const account = await signIn(browser, directory);
  const imported = await importContacts(browser);
  const templateId = await approveTemplate(browser);
  const campaignId = await launch(browser, templateId);
  const progress = await watch(browser, campaignId);
  printFunnel(progress);
  printRejected(imported);
  console.log(`\n  The campaign  ${url}/campaigns/${campaignId}`);
  console.log(`  Sign in with  ${account.email}  ${account.password}\n`);
  return progress.status === "completed";
}

async function signIn(browser: Browser, directory: string): Promise<Account> {
  const file = join(directory, "demo.json");
  if (existsSync(file)) {
    const account: Account = JSON.parse(readFileSync(file, "utf8"));
    if (await browser.signIn(account.email, account.password)) {
      // The app may have another port than last time.
      await browser.post("/api/account/connection/check", {});
      return account;
    }
  }
  const account = {
    email: `demo-${randomBytes(3).toString("hex")}@campanile.example`,
    password: randomBytes(12).toString("base64url"),
  };
  await browser.post("/api/sign-up", {
    ...account,
    businessName: "Marigold & Co.",
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    defaultCountry: "IN",
  });
  writeFileSync(file, JSON.stringify(account), { mode: 0o600 });
  if (!(await browser.signIn(account.email, account.password)))
    throw new Error("the new account cannot sign in");
  console.log("Signed up as Marigold & Co.; a new account starts in the sandbox.");
  return account;
}

async function importContacts(browser: Browser): Promise<Import> {
  const file = new Uint8Array(readFileSync("public/samples/contacts.csv"));
  const { id } = await browser.upload<{ id: string }>("/api/imports?fileName=contacts.csv", file);
  const { mapping } = await browser.get<{ mapping: object }>(`/api/imports/${id}/preview`);
  await browser.post(`/api/imports/${id}/start`, {
    mapping,
    defaultCountry: "IN",
    tags: ["spring"],
    agreed: true,
    consentStatement: "Signed the mailing list at the counter",
    existing: "fill",
  });
  const result = await until(
    () => browser.get<Import>(`/api/imports/${id}`),
    ({ status }) => status === "completed" || status === "failed",
    "the import did not end",
  );
  if (result.status === "failed") throw new Error(result.errorMessage ?? "the import failed");
  const { totalRows, createdCount, updatedCount, unchangedCount, rejectedCount, duplicateCount } = result;
  console.log(
    `Imported contacts.csv: ${totalRows} rows, ${createdCount} new, ${updatedCount} changed, ${unchangedCount} known, ${rejectedCount} rejected, ${duplicateCount} twice.`,
  );
  return result;
}

async function approveTemplate(browser: Browser): Promise<string> {
  const { items } = await browser.get<{ items: { id: string; name: string; status: string }[] }>(
    "/api/templates",
  );
  const known = items.find(({ name }) => name === TEMPLATE.name);
  const { id } = known ?? (await browser.post<{ id: string }>("/api/templates", TEMPLATE));
  if (!known || known.status === "draft") await browser.post(`/api/templates/${id}/submit`);
  const { status } = await until(
    () => browser.get<{ status: string }>(`/api/templates/${id}`),
    ({ status: now }) => now !== "pending",
    "the template was not reviewed",
  );
  if (status !== "approved") throw new Error(`the template is ${status}`);
  console.log(`Template ${TEMPLATE.name} is approved.`);
  return id;
}

async function launch(browser: Browser, templateId: string): Promise<string> {
  const { id } = await browser.post<{ id: string }>("/api/campaigns", {
    name: `Spring sale, ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`,
    templateId,
    messageContent: { parameters: [{ field: "firstName", fallback: "there" }, "20%"] },
    audience: { tags: ["spring"], match: "any", excludeTags: [] },
  });
  const check = await browser.get<{ recipients: number; durationSeconds: number }>(
    `/api/campaigns/${id}/check`,
  );
  console.log(
    `Sending to ${check.recipients} people; at this account's rate that takes about ${check.durationSeconds} s.`,
  );
  await browser.post(`/api/campaigns/${id}/launch`);
  return id;
}

/** Shows one live line until the campaign has ended and its receipts have stopped coming. */
async function watch(browser: Browser, campaignId: string): Promise<Progress> {
  let progress = await browser.get<Progress>(`/api/campaigns/${campaignId}/progress`);
  let lastChange = performance.now();
  const rate = sendingRate();
  while (progress.status === "processing" || performance.now() - lastChange < QUIET_MS) {
    await sleep(250);
    const now = await browser.get<Progress>(`/api/campaigns/${campaignId}/progress`);
    if (JSON.stringify(now) !== JSON.stringify(progress)) lastChange = performance.now();
    progress = now;
    show(lineOf(progress, rate(progress.totalRecipients - waiting(progress))));
  }
  process.stdout.write("\n");
  if (progress.status !== "completed") {
    console.log(
      `The campaign is ${progress.status}: ${progress.pauseReason ?? progress.errorMessage ?? "no reason given"}`,
    );
  }
  return progress;
}

/** Messages per second over the last two seconds. */
function sendingRate() {
  const samples: { at: number; count: number }[] = [];
  return (count: number) => {
    const at = performance.now();
    samples.push({ at, count });
    while (samples[0] && at - samples[0].at > 2000) samples.shift();
    const [first] = samples;
    return first && at > first.at ? ((count - first.count) * 1000) / (at - first.at) : 0;
  };
}

/** Those whose message has not left yet. */
const waiting = ({ states }: Progress) => (states.queued ?? 0) + (states.sending ?? 0);

const lineOf = (progress: Progress, perSecond: number) =>
  `queued ${waiting(progress)}  sent ${progress.sentCount}  delivered ${progress.deliveredCount}  ` +
  `read ${progress.readCount}  failed ${progress.failedCount}  ${perSecond.toFixed(0)} messages/s`;

/** In a terminal the line is written over itself; in a log each is its own. */
function show(line: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
}

function printFunnel({
  totalRecipients,
  sentCount,
  deliveredCount,
  readCount,
  failedCount,
  states,
}: Progress): void {
  const share = (count: number) =>
    `${String(count).padStart(6)}  ${((100 * count) / Math.max(1, totalRecipients)).toFixed(1).padStart(5)} %`;
  console.log("\n  Recipients ", share(totalRecipients));
  console.log("  Sent       ", share(sentCount));
  console.log("  Delivered  ", share(deliveredCount));
  console.log("  Read       ", share(readCount));
  console.log("  Failed     ", share(failedCount));
  if (states.skipped) console.log("  Skipped    ", share(states.skipped));
  if (states.unknown) console.log("  Unknown    ", share(states.unknown), " (not sent again)");
}

function printRejected({ rejectedRows }: Import): void {
  if (rejectedRows.length === 0) return;
  console.log(`\n  ${rejectedRows.length} rows of contacts.csv were not imported:`);
  for (const { line, reason } of rejectedRows) console.log(`  line ${String(line).padStart(4)}  ${reason}`);
}

async function until<T>(
  read: () => Promise<T>,
  isDone: (value: T) => boolean,
  complaint: string,
): Promise<T> {
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    const value = await read();
    if (isDone(value)) return value;
    await sleep(250);
  }
  throw new Error(complaint);
}
