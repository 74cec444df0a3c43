import { describe, expect, test } from "vitest";
import * as z from "zod";
import {
  type CampaignForm,
  campaignFormSchema,
  emptyForm,
  emptyParameter,
  toForm,
  toPreviewParameter,
} from "@/lib/campaigns/form";
import type { CreateCampaign } from "@/lib/campaigns/schema";
import type { Filter } from "@/lib/contact-filters/schema";

const campaign: CreateCampaign = {
  name: "Spring sale",
  messageType: "template",
  templateId: "0196f0a4-5bd5-7c3e-8f00-000000000001",
  messageContent: {
    parameters: [
      "20%",
      { field: "firstName", fallback: "there" },
      { field: "metadata.City", fallback: "town" },
    ],
  },
  audience: { tags: ["a", "b"], match: "all", segmentId: null, filter: [], excludeTags: ["c"] },
  canaryPercent: 10,
  canaryMinutes: 60,
  retriesHeldBack: false,
};

const problemsOf = (form: CampaignForm) =>
  (campaignFormSchema.safeParse(form).error?.issues ?? []).map(({ path, message }) => [
    path.join("."),
    message,
  ]);

test("what the editor shows is what it saves", () => {
  expect(campaignFormSchema.parse(toForm(campaign))).toEqual(campaign);
});

test("an empty form names everything that is missing at once", () => {
  const form = {
    ...emptyForm,
    parameters: [
      { source: "", value: "" },
      { source: "text", value: " " },
      { source: "firstName", value: "" },
      { source: "nonsense", value: "x" },
    ],
    audience: { ...emptyForm.audience, scope: "tags" as const },
  };

  expect(problemsOf(form)).toEqual([
    ["name", "Name the campaign"],
    ["parameters.0.source", "Choose what goes here"],
    ["parameters.1.value", "Enter a text"],
    ["parameters.2.value", "Enter what to write when it is missing"],
    ["parameters.3.source", "Choose what goes here"],
    ["audience.tags", "Choose at least one tag"],
    ["templateId", "Choose a template"],
  ]);
});

const file = {
  mediaId: "1234567890123456",
  kind: "document" as const,
  fileName: "menu.pdf",
  phoneNumberId: "106540352242922",
  uploadedAt: "2026-10-01T09:00:00.000Z",
};
const textCampaign: CreateCampaign = {
  ...campaign,
  messageType: "text",
  templateId: null,
  messageContent: {
    text: "Hi {{first_name}}, here is our menu.",
    parameters: [{ field: "firstName", fallback: "there" }],
    media: file,
  },
};

test("a text and its file are saved as they are shown", () => {
  expect(campaignFormSchema.parse(toForm(textCampaign))).toEqual(textCampaign);
});

test("what was chosen for the other kind of campaign is not sent", () => {
  const { templateId } = campaign;
  const text = campaignFormSchema.parse({ ...toForm(textCampaign), templateId: templateId ?? "" });
  const template = campaignFormSchema.parse({ ...toForm(campaign), text: "kept" });

  expect(text.templateId).toBeNull();
  expect(template.messageContent).not.toHaveProperty("text");
});

test.each<[string, Partial<CampaignForm>, string[][]]>([
  ["no text", { text: " ", media: null }, [["text", "Write a text or choose a file"]]],
  ["a file alone", { text: "" }, []],
  ["a long text", { text: "x".repeat(4096), media: null }, []],
  [
    "a long text beside a file",
    { text: "x".repeat(1025) },
    [["text", "Use at most 1024 characters beside a file"]],
  ],
  [
    "a text that is too long",
    { text: "x".repeat(4097), media: null },
    [["text", "Use at most 4096 characters"]],
  ],
  ["a video", { media: { ...file, kind: "video" } }, [["media", "Choose an image or a document"]]],
])("a text campaign with %s", (_, changes, problems) => {
  expect(problemsOf({ ...toForm(textCampaign), parameters: [], ...changes })).toEqual(problems);
});

test("everybody has no tags, but may have exceptions", () => {
  const form = toForm(campaign);

  const { audience } = campaignFormSchema.parse({
    ...form,
    audience: { ...form.audience, scope: "everybody" },
  });

  expect(audience).toEqual({ ...campaign.audience, tags: [] });
});

describe("an audience", () => {
  const segmentId = "0196f0a4-5bd5-7c3e-8f00-000000000002";
  const filter: Filter = [{ field: "last_reply", period: { when: "within", days: 30 } }];

  test.each([
    ["everybody", {}],
    ["tags", { tags: ["a"] }],
    ["segment", { segmentId }],
    ["filter", { filter }],
  ] as const)("of the kind %s is saved as it is shown, without what another kind had", (scope, chosen) => {
    const audience = { ...toForm(campaign).audience, ...{ scope, tags: ["a"], segmentId, filter } };

    const saved = campaignFormSchema.parse({ ...toForm(campaign), audience }).audience;

    expect(saved).toEqual({
      ...{ tags: [], match: "all", segmentId: null, filter: [], excludeTags: ["c"] },
      ...chosen,
    });
    expect(toForm({ ...campaign, audience: saved }).audience.scope).toBe(scope);
  });

  test.each([
    ["tags", "audience.tags", "Choose at least one tag"],
    ["segment", "audience.segmentId", "Choose a segment"],
    ["filter", "audience.filter", "Add at least one condition"],
  ] as const)("of the kind %s does not mean everybody while nothing is chosen", (scope, field, message) => {
    const form = { ...toForm(campaign), audience: { ...emptyForm.audience, scope } };

    expect(problemsOf(form)).toEqual([[field, message]]);
  });
});

describe("careful sending", () => {
  const careful = { isCanary: true, percent: 10, minutes: 30, retriesHeldBack: true };
  const complete = { ...emptyForm, name: campaign.name, templateId: campaign.templateId ?? "" };

  test.each([
    ["percent", 51, "Enter 1 to 50"],
    ["percent", Number.NaN, "Enter a whole number"],
    ["minutes", 1, "Wait at least 5 minutes"],
  ])("refuses %s %s beside the field", (field, value, message) => {
    const form = { ...complete, careful: { ...careful, [field]: value } };

    expect(problemsOf(form)).toEqual([[`careful.${field}`, message]]);
  });

  test("asks for no numbers while everybody gets it at once", () => {
    const form = { ...complete, careful: { ...careful, isCanary: false, percent: Number.NaN, minutes: 0 } };

    expect(campaignFormSchema.parse(form)).toMatchObject({ canaryPercent: null, canaryMinutes: 30 });
  });
});

describe("toPreviewParameter", () => {
  test.each([
    [{ source: "", value: "kept" }, "…"],
    [{ source: "text", value: "" }, "…"],
    [{ source: "text", value: " 20% " }, "20%"],
    [
      { source: "firstName", value: "" },
      { field: "firstName", fallback: "…" },
    ],
    [
      { source: "firstName", value: "you" },
      { field: "firstName", fallback: "you" },
    ],
  ])("%j becomes %j", (parameter, expected) => {
    expect(toPreviewParameter(parameter)).toEqual(expected);
  });

  test("is never longer than the server takes", () => {
    expect(z.string().parse(toPreviewParameter({ source: "text", value: "x".repeat(5000) }))).toHaveLength(
      1024,
    );
  });
});

test.each([
  ["first_name", "firstName"],
  ["name", "firstName"],
  ["1", ""],
  ["company_name", ""],
])("the variable %s starts with the source “%s”", (key, source) => {
  expect(emptyParameter({ component: "body", key, example: "" })).toEqual({ source, value: "" });
});
