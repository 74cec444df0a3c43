import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { UserId } from "@/lib/tenant";
import type { Keys } from "@/lib/testing/sandbox";

vi.mock("@/inngest/client", () => ({ inngest: { send: vi.fn().mockResolvedValue({ ids: [] }) } }));

const sandbox = await vi.hoisted(async () => {
  const { createSandbox } = await import("@/local/sandbox/sandbox");
  const listening = await createSandbox({ reviewMs: 0, speed: 0 }).listen();
  process.env.WHATSAPP_SANDBOX_URL = listening.url;
  return listening;
});

const { campaignRepository } = await import("@/lib/campaigns/repository");
const { freezeAudience, launchCampaign, pauseCampaign, resumeCampaign } = await import(
  "@/lib/campaigns/service"
);
const { sql } = await import("@/lib/db");
const { messageRepository } = await import("@/lib/messages/repository");
const { sendSlice } = await import("@/lib/lanes/service");
const { createCampaign, createTemplate, createUser } = await import("@/lib/testing/factories");
const { sandboxAt } = await import("@/lib/testing/sandbox");
const { ledger, connect, approveTemplate } = sandboxAt(sandbox.url);

afterAll(() => sandbox.close());

const components = [
  { type: "BODY", text: "Hi {{1}}, everything is off.", example: { body_text: [["Asha"]] } },
];

/** To whom WhatsApp was asked to send, once per request. */
async function posted(): Promise<string[]> {
  const entries = await ledger<{ body?: { to: string } }>(keys, "request");
  return entries.flatMap(({ body }) => body?.to ?? []);
}

let keys: Keys;
let owner: UserId;

beforeEach(async () => {
  owner = await createUser();
  keys = await connect(owner);
});

/** A draft for this many people, ready to be sent. */
async function draft(people: number): Promise<string> {
  const id = await approveTemplate(keys, "spring_sale", components);
  const template = await createTemplate(owner, { name: "spring_sale", components, whatsappTemplateId: id });
  await sql`
    INSERT INTO contacts ("userId", "phone", "optedIn")
    SELECT ${owner}, '+1415555' || (2000 + serial), true FROM generate_series(0, ${people - 1}::int) AS serial`;
  return (await createCampaign(owner, { templateId: template.id, audience: { tags: [] } })).id;
}

const attempt = (times: number, act: () => Promise<void>) =>
  Promise.allSettled(Array.from({ length: times }, act));
const succeeded = (answers: PromiseSettledResult<void>[]) =>
  answers.filter(({ status }) => status === "fulfilled").length;

/** Sends, slice after slice, until told to stop. */
function startSender() {
  let isOver = false;
  const run = async () => {
    while (!isOver) {
      await sendSlice(owner);
      await sleep(5);
    }
  };
  const running = run();
  return {
    stop: async () => {
      isOver = true;
      await running;
    },
  };
}

describe("whatever its owner presses, nobody gets a campaign twice", () => {
  test("50 launches at once send it once", async () => {
    const id = await draft(60);

    const answers = await attempt(50, () => launchCampaign(owner, id));
    await Promise.all(Array.from({ length: 5 }, () => freezeAudience(owner, id)));
    await Promise.all([sendSlice(owner), sendSlice(owner)]);

    expect(succeeded(answers)).toBe(1);
    expect((await posted()).toSorted()).toEqual([...new Set(await posted())].toSorted());
    expect(await posted()).toHaveLength(60);
  });

  test("50 resumes at once send the rest once", async () => {
    const id = await draft(60);
    await launchCampaign(owner, id);
    await freezeAudience(owner, id);
    await pauseCampaign(owner, id);
    expect(await sendSlice(owner)).toMatchObject({ posted: 0 });

    const answers = await attempt(50, () => resumeCampaign(owner, id));
    await Promise.all([sendSlice(owner), sendSlice(owner)]);

    expect(succeeded(answers)).toBe(1);
    expect(new Set(await posted()).size).toBe(60);
    expect(await posted()).toHaveLength(60);
  });

  test("200 pauses and resumes in ten seconds, while it is sent", { timeout: 60_000 }, async () => {
    const people = 500;
    const id = await draft(people);
    await launchCampaign(owner, id);
    await freezeAudience(owner, id);
    const sender = startSender();

    let toggles = 0;
    const every = setInterval(() => {
      const act = toggles % 2 === 0 ? pauseCampaign : resumeCampaign;
      toggles += 1;
      // A toggle that finds the campaign done is refused.
      void act(owner, id).catch(() => undefined);
    }, 50);
    await vi.waitFor(() => expect(toggles).toBeGreaterThanOrEqual(200), { timeout: 15_000, interval: 50 });
    clearInterval(every);
    await pauseCampaign(owner, id).catch(() => undefined);
    await sender.stop();
    const whilePaused = (await posted()).length;
    const { status } = await campaignRepository.get(owner, id);
    if (status === "paused") {
      expect(await sendSlice(owner)).toMatchObject({ posted: 0 });
      expect(await posted()).toHaveLength(whilePaused);
      await resumeCampaign(owner, id);
    }
    await sendSlice(owner);

    expect(new Set(await posted()).size).toBe(people);
    expect(await posted()).toHaveLength(people);
    expect(await messageRepository.countByStatus(owner, id)).toMatchObject({ sent: people, unknown: 0 });
    expect(await campaignRepository.get(owner, id)).toMatchObject({ status: "completed", sentCount: people });
  });
});
