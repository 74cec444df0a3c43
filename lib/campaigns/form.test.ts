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
  audience: { tags: ["a", "b"], match: "all", excludeTags: ["c"] },
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

test("everybody has no tags, but may have exceptions", () => {
  const form = toForm(campaign);

  const { audience } = campaignFormSchema.parse({
    ...form,
    audience: { ...form.audience, scope: "everybody" },
  });

  expect(audience).toEqual({ tags: [], match: "all", excludeTags: ["c"] });
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
