import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";

/** Reviews wait for `decide`; lib/env.ts reads the address when it is imported. */
const sandbox = await vi.hoisted(async () => {
  const { createSandbox } = await import("@/local/sandbox/sandbox");
  const started = await createSandbox({ reviewMs: 3_600_000 }).listen();
  process.env.WHATSAPP_SANDBOX_URL = started.url;
  return started;
});

import { sql } from "@/lib/db";
import { templateRepository } from "@/lib/templates/repository";
import type { CreateTemplate } from "@/lib/templates/schema";
import {
  createTemplate,
  deleteTemplate,
  submitTemplate,
  sweepTemplates,
  syncTemplates,
  updateTemplate,
} from "@/lib/templates/service";
import type { UserId } from "@/lib/tenant";
import { createCampaign, createUser } from "@/lib/testing/factories";
import { userRepository } from "@/lib/users/repository";
import { createSandboxAccount, type SandboxAccount } from "@/lib/whatsapp/sandbox";

const input: CreateTemplate = {
  name: "spring_sale",
  language: "en_US",
  category: "marketing",
  components: [
    { type: "HEADER", format: "TEXT", text: "Hello {{1}}", example: { header_text: ["Asha"] } },
    {
      type: "BODY",
      text: "Dear {{1}}, our spring sale starts on Friday.",
      example: { body_text: [["Asha"]] },
    },
    { type: "FOOTER", text: "Reply STOP to opt out" },
    {
      type: "BUTTONS",
      buttons: [
        { type: "QUICK_REPLY", text: "Stop offers" },
        {
          type: "URL",
          text: "Shop",
          url: "https://example.com/{{1}}",
          example: ["https://example.com/spring"],
        },
        { type: "PHONE_NUMBER", text: "Call", phone_number: "+15551234567" },
        { type: "COPY_CODE", example: "SPRING25" },
      ],
    },
  ],
};

const control = async (path: string, body: object = {}) => {
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
};

const atMeta = async ({ wabaId, accessToken }: SandboxAccount) => {
  const response = await fetch(
    `${sandbox.url}/${wabaId}/message_templates?fields=id,name,status,parameter_format,components,category&limit=500`,
    {
      headers: { authorization: `Bearer ${accessToken}` },
    },
  );
  return (await response.json()).data as {
    id: string;
    name: string;
    status: string;
    parameter_format: string;
    components: unknown[];
  }[];
};

/** Made outside of Campanile, as in WhatsApp Manager. */
const createAtMeta = async ({ wabaId, accessToken }: SandboxAccount, template: object) => {
  const response = await fetch(`${sandbox.url}/${wabaId}/message_templates`, {
    method: "POST",
    headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
    body: JSON.stringify({
      language: "en_US",
      category: "MARKETING",
      components: [{ type: "BODY", text: "From elsewhere." }],
      ...template,
    }),
  });
  return (await response.json()) as { id: string };
};

const deleteAtMeta = ({ wabaId, accessToken }: SandboxAccount, which: Record<string, string>) =>
  fetch(`${sandbox.url}/${wabaId}/message_templates?${new URLSearchParams(which)}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${accessToken}` },
  });

const age = (id: string) =>
  sql`UPDATE templates SET "updatedAt" = now() - interval '2 minutes' WHERE id = ${id}`;

const decide = (template: { whatsappTemplateId: string | null }, order: object) =>
  control(`templates/${template.whatsappTemplateId}`, order);

let userId: UserId;
let account: SandboxAccount;

beforeEach(async () => {
  [userId, account] = await Promise.all([createUser(), createSandboxAccount()]);
  await deleteAtMeta(account, { name: "hello_world" });
  await userRepository.connect(userId, { ...account, isSandbox: true, webhookVerifyToken: null });
});

afterAll(() => sandbox.close());

describe("createTemplate", () => {
  it("refuses what Meta would refuse, field by field", async () => {
    const components = [{ type: "BODY" as const, text: "{{1}} is here" }];
    await expect(createTemplate(userId, { ...input, name: "Bad Name", components })).rejects.toMatchObject({
      code: "INVALID",
      fields: {
        name: [expect.any(String)],
        body: [expect.any(String), expect.any(String)],
        "examples.body_1": [expect.any(String)],
      },
    });
    expect((await templateRepository.list(userId)).items).toEqual([]);
  });

  it("checks a change together with what stays", async () => {
    const { id } = await createTemplate(userId, input);
    await expect(updateTemplate(userId, id, { category: "authentication" })).rejects.toMatchObject({
      fields: { category: [expect.any(String)] },
    });
    expect(await updateTemplate(userId, id, { category: "utility" })).toMatchObject({
      category: "utility",
      name: "spring_sale",
    });
  });
});

describe("submitTemplate", () => {
  it("goes from draft over review to approved", async () => {
    const { id } = await createTemplate(userId, input);
    const pending = await submitTemplate(userId, id);
    expect(pending).toMatchObject({
      status: "pending",
      whatsappTemplateId: expect.stringMatching(/^\d+$/),
      rejectionReason: null,
    });
    expect(await atMeta(account)).toEqual([
      expect.objectContaining({
        id: pending.whatsappTemplateId,
        name: "spring_sale",
        components: input.components,
        parameter_format: "POSITIONAL",
      }),
    ]);
    await decide(pending, { action: "approve" });
    expect(await syncTemplates(userId)).toEqual({
      updated: 1,
      imported: 0,
      skipped: 0,
      unchanged: 0,
      missing: 0,
    });
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "approved",
      approvedAt: expect.any(Date),
    });
  });

  it("is rejected with a reason, and can be changed and submitted again", async () => {
    await control("settings", { reviewMs: 0 });
    const { id } = await createTemplate(userId, { ...input, name: "please_reject_me" });
    const { whatsappTemplateId } = await submitTemplate(userId, id);
    await control("settings", { reviewMs: 3_600_000 });
    await vi.waitUntil(async () => (await atMeta(account))[0]?.status === "REJECTED");
    await syncTemplates(userId);
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "rejected",
      rejectionReason: expect.stringContaining("(INVALID_FORMAT)"),
    });

    const components: CreateTemplate["components"] = [
      { type: "BODY", text: "Our spring sale starts on Friday." },
    ];
    await updateTemplate(userId, id, { components, category: "utility" });
    expect(await submitTemplate(userId, id)).toMatchObject({
      status: "pending",
      whatsappTemplateId,
      rejectionReason: null,
    });
    expect(await atMeta(account)).toEqual([
      expect.objectContaining({ id: whatsappTemplateId, status: "PENDING", category: "UTILITY", components }),
    ]);
  });

  it("declares named variables", async () => {
    const text = "Hi {{first_name}}, our spring sale starts on Friday.";
    const example = { body_text_named_params: [{ param_name: "first_name", example: "Asha" }] };
    const { id } = await createTemplate(userId, { ...input, components: [{ type: "BODY", text, example }] });
    await submitTemplate(userId, id);
    expect(await atMeta(account)).toEqual([expect.objectContaining({ parameter_format: "NAMED" })]);
  });

  it("reaches WhatsApp once when clicked twice", async () => {
    const { id } = await createTemplate(userId, input);
    const results = await Promise.allSettled([submitTemplate(userId, id), submitTemplate(userId, id)]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "CONFLICT", message: expect.stringContaining("in review already") },
    });
    expect(await atMeta(account)).toHaveLength(1);
  });

  it("says in plain words that the token is not valid, and stays a draft", async () => {
    const { id } = await createTemplate(userId, input);
    await control(`accounts/${account.wabaId}/token`, { state: "revoked" });
    await expect(submitTemplate(userId, id)).rejects.toMatchObject({
      code: "UPSTREAM",
      message: expect.stringContaining("access token"),
    });
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "draft",
      whatsappTemplateId: null,
    });
  });

  it("shows Meta's own words about the template", async () => {
    await createAtMeta(account, { name: "spring_sale" });
    const { id } = await createTemplate(userId, input);
    await expect(submitTemplate(userId, id)).rejects.toMatchObject({
      code: "INVALID",
      message: expect.stringContaining("already en_US content"),
    });
    expect(await templateRepository.get(userId, id)).toMatchObject({ status: "draft" });
  });

  it("asks for a connection first", async () => {
    const unconnected = await createUser();
    const { id } = await createTemplate(unconnected, input);
    await expect(submitTemplate(unconnected, id)).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("Settings"),
    });
    expect(await templateRepository.get(unconnected, id)).toMatchObject({ status: "draft" });
  });
});

describe("when WhatsApp does not answer", () => {
  const drop = (times: number) =>
    control("faults", {
      match: { path: `${account.wabaId}/message_templates` },
      fault: { kind: "drop", when: "before" },
      times,
    });

  it("is a draft again when it did not arrive", async () => {
    const { id } = await createTemplate(userId, input);
    await drop(1);
    await expect(submitTemplate(userId, id)).rejects.toMatchObject({
      code: "UPSTREAM",
      message: expect.stringContaining("Try again"),
    });
    expect(await templateRepository.get(userId, id)).toMatchObject({ status: "draft" });
  });

  it("is taken over when it did arrive", async () => {
    const { id } = await createTemplate(userId, input);
    const arrived = await createAtMeta(account, { name: "spring_sale", components: input.components });
    await drop(1);
    expect(await submitTemplate(userId, id)).toMatchObject({
      status: "pending",
      whatsappTemplateId: arrived.id,
    });
  });

  it("waits while nobody can tell, and the sweep finds out", async () => {
    const { id } = await createTemplate(userId, input);
    await drop(2);
    await expect(submitTemplate(userId, id)).rejects.toMatchObject({
      code: "UPSTREAM",
      message: expect.stringContaining("do not know"),
    });
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "pending",
      whatsappTemplateId: null,
    });
    await age(id);
    await sweepTemplates();
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "draft",
      rejectionReason: expect.stringContaining("never got it"),
    });
  });
});

describe("syncTemplates", () => {
  it("follows all pages and imports what was made elsewhere, for this tenant only", async () => {
    const names = Array.from({ length: 105 }, (_, index) => `elsewhere_${index}`);
    await Promise.all(names.map((name) => createAtMeta(account, { name })));
    expect(await syncTemplates(userId)).toMatchObject({ imported: 105, missing: 0 });
    expect(await syncTemplates(userId)).toMatchObject({ imported: 0, unchanged: 105 });
    expect(await templateRepository.countByStatus(userId)).toEqual({ pending: 105 });
    expect(await templateRepository.countByStatus(await createUser())).toEqual({});
  });

  it("disables what is gone", async () => {
    const { id } = await createTemplate(userId, input);
    const { whatsappTemplateId } = await submitTemplate(userId, id);
    await deleteAtMeta(account, { hsm_id: whatsappTemplateId ?? "", name: "spring_sale" });
    await age(id);
    expect(await syncTemplates(userId)).toMatchObject({ missing: 1 });
    expect(await templateRepository.get(userId, id)).toMatchObject({
      status: "disabled",
      rejectionReason: expect.stringContaining("does not exist"),
    });
  });

  it("takes over the category that Meta chose", async () => {
    const { id } = await createTemplate(userId, { ...input, category: "utility" });
    await decide(await submitTemplate(userId, id), { action: "category", category: "MARKETING" });
    await syncTemplates(userId);
    expect(await templateRepository.get(userId, id)).toMatchObject({ category: "marketing" });
  });
});

describe("deleteTemplate", () => {
  it("deletes at WhatsApp too, but no other language", async () => {
    const { id } = await createTemplate(userId, input);
    await submitTemplate(userId, id);
    await createAtMeta(account, { name: "spring_sale", language: "de" });
    await deleteTemplate(userId, id);
    expect(await templateRepository.find(userId, id)).toBeNull();
    expect(await atMeta(account)).toHaveLength(1);
  });

  it("takes for deleted what WhatsApp does not know", async () => {
    const { id } = await createTemplate(userId, input);
    await templateRepository.markSubmitted(userId, id, { whatsappTemplateId: "404", category: null });
    await deleteTemplate(userId, id);
    expect(await templateRepository.find(userId, id)).toBeNull();
  });

  it("keeps it when WhatsApp refuses", async () => {
    const { id } = await createTemplate(userId, input);
    const submitted = await submitTemplate(userId, id);
    await decide(submitted, { action: "disable" });
    await expect(deleteTemplate(userId, id)).rejects.toMatchObject({
      code: "INVALID",
      message: expect.stringContaining("disabled template"),
    });
    expect(await templateRepository.find(userId, id)).not.toBeNull();
  });

  it("does not touch WhatsApp while a campaign needs it", async () => {
    const { id } = await createTemplate(userId, input);
    await submitTemplate(userId, id);
    await createCampaign(userId, { templateId: id, status: "scheduled" });
    await expect(deleteTemplate(userId, id)).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await atMeta(account)).toHaveLength(1);
  });
});
