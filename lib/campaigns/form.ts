import * as z from "zod";
import {
  type Audience,
  type CreateCampaign,
  checkContent,
  contactFieldSchema,
  createCampaignSchema,
  MAX_TEXT,
  type MessageContent,
  type Parameter,
} from "@/lib/campaigns/schema";
import { filterSchema } from "@/lib/contact-filters/schema";
import { mediaSchema } from "@/lib/media/schema";
import type { TemplateVariable } from "@/lib/templates/variables";

/** The same text for everybody; any other source is a field of the contact. */
export const PLAIN_TEXT = "text";

const parameterForm = z
  .object({ source: z.string(), value: z.string().trim().max(1024, "Use at most 1,024 characters") })
  .superRefine(({ source, value }, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    if (source !== PLAIN_TEXT && !contactFieldSchema.safeParse(source).success)
      complain("source", "Choose what goes here");
    else if (value === "")
      complain("value", source === PLAIN_TEXT ? "Enter a text" : "Enter what to write when it is missing");
  });

const tags = z.array(z.string());

const audienceForm = z
  .object({
    scope: z.enum(["everybody", "tags", "segment", "filter"]),
    tags,
    match: z.enum(["any", "all"]),
    segmentId: z.string(),
    filter: filterSchema,
    excludeTags: tags,
  })
  .superRefine((audience, context) => {
    const missing = missingOf(audience);
    if (missing) context.addIssue({ code: "custom", ...missing });
  });

/** What has still to be chosen before an audience means anybody. */
export function missingOf({ scope, tags, segmentId, filter }: CampaignForm["audience"]) {
  if (scope === "tags" && tags.length === 0) return { path: ["tags"], message: "Choose at least one tag" };
  if (scope === "segment" && segmentId === "") return { path: ["segmentId"], message: "Choose a segment" };
  if (scope === "filter" && filter.length === 0)
    return { path: ["filter"], message: "Add at least one condition" };
  return null;
}

/** The numbers count only while the box beside them is ticked. */
const carefulForm = z
  .object({
    isCanary: z.boolean(),
    percent: z.number().or(z.nan()),
    minutes: z.number().or(z.nan()),
    retriesHeldBack: z.boolean(),
  })
  .superRefine(({ isCanary, percent, minutes }, context) => {
    if (!isCanary) return;
    const { canaryPercent, canaryMinutes } = createCampaignSchema.shape;
    const complain = (path: string, { error }: z.ZodSafeParseResult<unknown>) => {
      const message = error?.issues[0]?.message;
      if (message) context.addIssue({ code: "custom", path: [path], message });
    };
    complain("percent", canaryPercent.safeParse(percent));
    complain("minutes", canaryMinutes.safeParse(minutes));
  });

const { name, messageType } = createCampaignSchema.shape;

/** What was chosen for the other kind of campaign is kept, but neither checked nor sent. */
const formSchema = z
  .object({
    name,
    messageType: messageType.unwrap(),
    templateId: z.string(),
    text: z.string().trim().max(MAX_TEXT, `Use at most ${MAX_TEXT} characters`),
    media: mediaSchema.nullable(),
    parameters: z.array(parameterForm),
    audience: audienceForm,
    careful: carefulForm,
  })
  .superRefine(({ messageType, templateId, text, media }, context) => {
    const content = contentOf({ messageType, text, media, parameters: [] });
    checkContent({ messageType, templateId: templateId || null, messageContent: content }, context);
  });
export type CampaignForm = z.infer<typeof formSchema>;
export type ParameterForm = CampaignForm["parameters"][number];

/** The editor's fields, turned into what the API takes. */
export const campaignFormSchema = formSchema.transform(
  ({ name, messageType, templateId, text, media, parameters, audience, careful }): CreateCampaign => ({
    name,
    messageType,
    templateId: messageType === "template" ? templateId : null,
    messageContent: contentOf({ messageType, text, media, parameters }),
    audience: toAudience(audience),
    canaryPercent: careful.isCanary ? careful.percent : null,
    canaryMinutes: careful.isCanary ? careful.minutes : emptyForm.careful.minutes,
    retriesHeldBack: careful.retriesHeldBack,
  }),
);

function contentOf({
  messageType,
  text,
  media,
  parameters,
}: Pick<CampaignForm, "messageType" | "text" | "media" | "parameters">): MessageContent {
  return {
    parameters: parameters.map(toParameter),
    ...(messageType === "text" && text && { text }),
    ...(media && { media }),
  };
}

/** What was chosen for another kind of audience is kept in the editor, but not sent. */
export const toAudience = (audience: CampaignForm["audience"]): Audience => ({
  tags: audience.scope === "tags" ? audience.tags : [],
  match: audience.match,
  segmentId: audience.scope === "segment" ? audience.segmentId : null,
  filter: audience.scope === "filter" ? audience.filter : [],
  excludeTags: audience.excludeTags,
});

function scopeOf({ tags, segmentId, filter }: Audience): CampaignForm["audience"]["scope"] {
  if (segmentId !== null) return "segment";
  if (filter.length > 0) return "filter";
  return tags.length > 0 ? "tags" : "everybody";
}

const toParameter = ({ source, value }: ParameterForm): Parameter =>
  source === PLAIN_TEXT ? value : { field: source, fallback: value };

/** For the preview of an unfinished campaign: dots stand for whatever is still missing. */
export function toPreviewParameter({ source, value }: ParameterForm): Parameter {
  const text = value.trim().slice(0, 1024) || "…";
  return source === "" ? "…" : toParameter({ source, value: text });
}

/** A variable whose own name says that it greets the person starts with the first name; all others ask. */
export const emptyParameter = ({ key }: TemplateVariable): ParameterForm => ({
  source: /^(first_?)?name$/i.test(key) ? "firstName" : "",
  value: "",
});

export const toForm = ({
  name,
  messageType,
  templateId,
  messageContent,
  audience,
  canaryPercent,
  canaryMinutes,
  retriesHeldBack,
}: CreateCampaign): CampaignForm => ({
  name,
  messageType,
  templateId: templateId ?? "",
  text: messageContent.text ?? "",
  media: messageContent.media ?? null,
  parameters: messageContent.parameters.map((parameter) =>
    typeof parameter === "string"
      ? { source: PLAIN_TEXT, value: parameter }
      : { source: parameter.field, value: parameter.fallback },
  ),
  audience: { ...audience, segmentId: audience.segmentId ?? "", scope: scopeOf(audience) },
  careful: {
    isCanary: canaryPercent !== null,
    percent: canaryPercent ?? emptyForm.careful.percent,
    minutes: canaryMinutes,
    retriesHeldBack,
  },
});

export const emptyForm: CampaignForm = {
  name: "",
  messageType: "template",
  templateId: "",
  text: "",
  media: null,
  parameters: [],
  audience: { scope: "everybody", tags: [], match: "any", segmentId: "", filter: [], excludeTags: [] },
  careful: { isCanary: false, percent: 5, minutes: 30, retriesHeldBack: true },
};
