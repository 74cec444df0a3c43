import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccess } from "./access";
import { createAccounts } from "./accounts";
import { openActivity } from "./activity";
import { createAdmin } from "./admin";
import { createEvents } from "./events";
import { createFaults } from "./faults";
import { createGraph } from "./graph";
import { openLedger } from "./ledger";
import { createLimits } from "./limits";
import { createMedia } from "./media";
import { createMessages } from "./messages";
import { createOutstanding } from "./outstanding";
import { createPhoneNumbers } from "./phone-numbers";
import { createQuota } from "./quota";
import { createRandom, hash } from "./random";
import { recover } from "./recovery";
import { createSchedule } from "./schedule";
import { createServer } from "./server";
import { defaultSettings, type Settings } from "./settings";
import { openState } from "./state";
import { createReview } from "./template-review";
import { createTemplates } from "./templates";
import { createTraffic } from "./traffic";
import { createUploads } from "./uploads";
import { createWebhooks } from "./webhooks";

/** A checkpoint stalls everything while it is written: it waits for a quiet moment, but not for ever. */
const checkpointBytes = 64 * 1024 * 1024;
const checkpointBytesAtLast = 1024 * 1024 * 1024;
const checkpointEveryMs = 2000;

export type SandboxOptions = Partial<Settings> & {
  /** 0, the default, takes a free port. */
  port?: number;
  /** Where ledger and state live; without it in a temporary folder that goes with `close`. */
  dir?: string;
};

export type Sandbox = {
  readonly url: string;
  readonly port: number;
  listen: () => Promise<Sandbox>;
  close: () => Promise<void>;
};

/** A stand-in for Meta's Graph API on loopback. The product meets it over HTTP only. */
export function createSandbox({ port = 0, dir, ...overrides }: SandboxOptions = {}): Sandbox {
  const home = dir ?? mkdtempSync(join(tmpdir(), "sandbox-"));
  const settings: Settings = { ...defaultSettings, ...overrides };
  const random = createRandom(hash(settings.seed));
  const baseUrl = () => `http://127.0.0.1:${bound}`;
  let bound = port;

  const state = openState(home);
  const ledger = openLedger(home);
  const activity = openActivity(home);
  const schedule = createSchedule();
  const outstanding = createOutstanding();
  const faults = createFaults(random);
  const limits = createLimits(settings);
  const access = createAccess(state);
  const webhooks = createWebhooks({ state, settings, ledger, schedule, random });
  const events = createEvents({ state, ledger, webhooks, activity, outstanding });
  const traffic = createTraffic({ state, settings, ledger, schedule, webhooks, activity, outstanding });
  const review = createReview({ state, settings, schedule, events });
  const media = createMedia({ state, access, baseUrl });
  const templates = createTemplates({ state, settings, access, events, review });
  const accounts = createAccounts({ state, settings, access, templates });
  const phoneNumbers = createPhoneNumbers({ state, settings, access });
  const uploads = createUploads(state);
  const quota = createQuota(settings);
  const graph = createGraph({ state, access, quota, accounts, phoneNumbers, templates, media, uploads });
  const messages = createMessages({ state, settings, ledger, limits, activity, access, faults, traffic });
  const admin = createAdmin({
    state,
    settings,
    ledger,
    limits,
    activity,
    faults,
    traffic,
    events,
    review,
    webhooks,
    media,
    outstanding,
  });
  const server = createServer({ settings, faults, media, messages, graph, admin, baseUrl });

  function saveActivity() {
    ledger.flush();
    const position = ledger.position();
    activity.save({ position: outstanding.watermark(position), bytes: position, seq: ledger.seq() });
  }

  let positionBefore = 0;
  const checkpoints = setInterval(() => {
    const position = ledger.position();
    const isQuiet = position === positionBefore;
    positionBefore = position;
    const unsaved = position - activity.savedBytes();
    if (unsaved > (isQuiet ? checkpointBytes : checkpointBytesAtLast)) saveActivity();
  }, checkpointEveryMs);
  checkpoints.unref();

  const sandbox: Sandbox = {
    get url() {
      return baseUrl();
    },
    get port() {
      return bound;
    },
    listen: async () => {
      await recover({ state, ledger, activity, traffic, events });
      review.resume();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", resolve);
      });
      bound = (server.address() as AddressInfo).port;
      return sandbox;
    },
    close: async () => {
      clearInterval(checkpoints);
      schedule.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await webhooks.close();
      saveActivity();
      ledger.close();
      if (dir === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
  return sandbox;
}
