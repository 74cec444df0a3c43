import * as z from "zod";
import { CampaignStatus, MessageStatus } from "@/lib/db/generated/enums";
import { componentsSchema } from "@/lib/templates/schema";

const tag = z.string().trim().min(1).max(60);

/** Who receives a campaign: opted-in people with any or all of these tags, without those; no tags means everybody. */
export const audienceSchema = z.object({
  tags: z.array(tag).max(50).default([]),
  match: z.enum(["any", "all"]).default("any"),
  excludeTags: z.array(tag).max(50).default([]),
});
export type Audience = z.infer<typeof audienceSchema>;

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

export const messageContentSchema = z.object({ parameters: z.array(parameterSchema).max(50).default([]) });
export type MessageContent = z.infer<typeof messageContentSchema>;

export const createCampaignSchema = z.object({
  name: z.string().trim().min(1, "Name the campaign").max(120, "Use at most 120 characters"),
  templateId: z.uuid("Choose a template"),
  messageContent: messageContentSchema,
  audience: audienceSchema,
});
export type CreateCampaign = z.infer<typeof createCampaignSchema>;
export const updateCampaignSchema = createCampaignSchema;

/** A draft's audience and parameters while they are being written. */
export const audiencePreviewSchema = z.object({
  audience: audienceSchema,
  messageContent: messageContentSchema,
});

export const scheduleSchema = z.object({
  scheduledAt: z.iso.datetime({ offset: true, error: "Choose a date and time" }),
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

/** The template as it was when the campaign started. */
export const templateSnapshotSchema = z.object({
  name: z.string(),
  language: z.string(),
  category: z.string(),
  components: componentsSchema,
});
export type TemplateSnapshot = z.infer<typeof templateSnapshotSchema>;
