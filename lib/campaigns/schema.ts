import * as z from "zod";
import { filterSchema } from "@/lib/contact-filters/schema";
import { CampaignStatus, MessageStatus, MessageType, MissedSchedule } from "@/lib/db/generated/enums";
import { mediaSchema } from "@/lib/media/schema";
import { componentsSchema } from "@/lib/templates/schema";

const tag = z.string().trim().min(1).max(60);

/**
 * Who receives a campaign: of the people who opted in, those who meet all that is said here. Strict: of a misspelled
 * condition nothing would be left, which means everybody.
 */
export const audienceSchema = z.strictObject({
  /** Any or all of these tags; none means everybody. */
  tags: z.array(tag).max(50).default([]),
  match: z.enum(["any", "all"]).default("any"),
  excludeTags: z.array(tag).max(50).default([]),
  segmentId: z.uuid("Choose a segment").nullable().default(null),
  filter: filterSchema.default([]),
});
export type Audience = z.infer<typeof audienceSchema>;

/** With the segment as it was when the campaign was scheduled or started; until then it is looked up. */
export const keptAudienceSchema = audienceSchema.extend({
  segment: z.object({ name: z.string(), filter: filterSchema }).exactOptional(),
});
export type KeptAudience = z.infer<typeof keptAudienceSchema>;

/** `name`, `firstName`, `phone`, `email`, or a custom field as `metadata.<key>`. */
export const contactFieldSchema = z
  .string()
  .regex(/^(name|firstName|phone|email|metadata\..{1,60})$/, "Choose a field");

/** One value of a template variable: the same text for everybody, or a field of the contact. */
export const parameterSchema = z.union([
  z.string().trim().min(1, "Enter a text").max(1024),
  z.object({
    field: contactFieldSchema,
    /** For people who lack the field: WhatsApp refuses empty values. */
    fallback: z.string().trim().min(1, "Enter what to write when it is missing").max(1024),
  }),
]);
export type Parameter = z.infer<typeof parameterSchema>;

export const MAX_TEXT = 4096;
/** Of a text that goes with a file. */
export const MAX_CAPTION = 1024;

export const messageContentSchema = z.object({
  parameters: z.array(parameterSchema).max(50).default([]),
  /** Of a campaign without a template. Its variables are written as a template's are. */
  text: z
    .string()
    .trim()
    .min(1, "Write a text")
    .max(MAX_TEXT, `Use at most ${MAX_TEXT} characters`)
    .exactOptional(),
  /** The file of a template's header, or what goes with the text. */
  media: mediaSchema.exactOptional(),
});
export type MessageContent = z.infer<typeof messageContentSchema>;

const campaignSchema = z.object({
  name: z.string().trim().min(1, "Name the campaign").max(120, "Use at most 120 characters"),
  /** `text`: without a template, to people who have written within 24 hours. */
  messageType: z.enum(MessageType).default("template"),
  templateId: z.uuid("Choose a template").nullable().default(null),
  messageContent: messageContentSchema,
  audience: audienceSchema,
  /** Sends to this share (%) first and waits; null: to everybody at once. */
  canaryPercent: z
    .int("Enter a whole number")
    .min(1, "Enter 1 to 50")
    .max(50, "Enter 1 to 50")
    .nullable()
    .default(null),
  canaryMinutes: z
    .int("Enter a whole number")
    .min(5, "Wait at least 5 minutes")
    .max(1440, "Wait at most a day")
    .default(30),
  /** Whether people whom WhatsApp held back are tried again after a day or more. */
  retriesHeldBack: z.boolean().default(true),
});
export const createCampaignSchema = campaignSchema.superRefine(checkContent);
export type CreateCampaign = z.infer<typeof createCampaignSchema>;
export const updateCampaignSchema = createCampaignSchema;

type Content = Pick<z.infer<typeof campaignSchema>, "messageType" | "templateId" | "messageContent">;

/** What each kind of campaign needs, under the name of the field that lacks it. */
export function checkContent({ messageType, templateId, messageContent }: Content, context: z.RefinementCtx) {
  const complain = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const { text, media } = messageContent;
  if (messageType === "template") {
    if (templateId === null) complain("templateId", "Choose a template");
  } else if (!text && !media) complain("text", "Write a text or choose a file");
  else if (media?.kind === "video") complain("media", "Choose an image or a document");
  else if (media && text && text.length > MAX_CAPTION)
    complain("text", `Use at most ${MAX_CAPTION} characters beside a file`);
}

/** A draft's audience and parameters while they are being written. */
export const audiencePreviewSchema = z.object({
  messageType: z.enum(MessageType).default("template"),
  audience: audienceSchema,
  messageContent: messageContentSchema,
});
export type AudiencePreviewInput = z.infer<typeof audiencePreviewSchema>;

export const scheduleSchema = z
  .object({
    scheduledAt: z.iso.datetime({ offset: true, error: "Choose a date and time" }),
    /** What becomes of it when nothing can start it at its hour. */
    missedSchedule: z.enum(MissedSchedule).default("send"),
    missedHours: z
      .int("Enter a whole number")
      .min(1, "Enter 1 to 168 hours")
      .max(168, "Enter 1 to 168 hours")
      .nullable()
      .default(null),
  })
  .refine(({ missedSchedule, missedHours }) => missedSchedule !== "send_within" || missedHours !== null, {
    path: ["missedHours"],
    error: "Say how many hours",
  });
export type Schedule = z.infer<typeof scheduleSchema>;

export const campaignParamsSchema = z.object({ campaignId: z.uuid() });

export const campaignListSchema = z.object({
  status: z.enum(CampaignStatus).optional(),
  cursor: z.uuid().optional(),
});
export type CampaignListQuery = z.infer<typeof campaignListSchema>;

/** `reached` states are cumulative: a read message was also delivered and sent. */
export const recipientListSchema = z.object({
  state: z
    .enum([...Object.values(MessageStatus), "reached_sent", "reached_delivered", "reached_failed"])
    .optional(),
  cursor: z.uuid().optional(),
});
export type RecipientListQuery = z.infer<typeof recipientListSchema>;

/**
 * What is sent, as it was when the campaign started: the template with the file of its header. A text is a template's body
 * without the rest.
 */
export const templateSnapshotSchema = z.object({
  name: z.string().default(""),
  language: z.string().default(""),
  category: z.string().default(""),
  components: componentsSchema,
  media: mediaSchema.exactOptional(),
});
export type TemplateSnapshot = z.infer<typeof templateSnapshotSchema>;
