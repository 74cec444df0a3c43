import * as z from "zod";
import { MAX_CAPTION, MAX_TEXT } from "@/lib/campaigns/schema";
import { mediaSchema } from "@/lib/media/schema";
import { textSchema } from "@/lib/storable";

/** `open`: may still be answered with a text of one's own. */
export const inboxFilters = ["all", "unread", "open"] as const;
export type InboxFilter = (typeof inboxFilters)[number];

export const conversationListSchema = z.object({
  filter: z.enum(inboxFilters).default("all"),
  search: textSchema.max(100, "Search for at most 100 characters").default(""),
  /** Where the page before ended: a conversation's newest message. */
  cursor: z.uuid().optional(),
});
export type ConversationListQuery = z.infer<typeof conversationListSchema>;

export const conversationParamsSchema = z.object({ contactId: z.uuid() });
export const messageParamsSchema = z.object({ messageId: z.uuid() });

/** `<instant>_<id>` of the earliest message that is shown. */
export const entryListSchema = z.object({
  before: z
    .templateLiteral([z.iso.datetime(), "_", z.uuid()])
    .transform((cursor) => {
      const [at = "", id = ""] = cursor.split("_");
      return { at: new Date(at), id };
    })
    .optional(),
});
export type EntryCursor = { at: Date; id: string };

/** How far the owner has read: one of the person's messages. Null marks the conversation unread. */
export const seenSchema = z.object({ messageId: z.uuid().nullable() });

/** What was answered to, as one draft: the same id is never sent twice. */
const id = z.uuidv7("Write the message again");

export const replySchema = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("free"),
      id,
      text: z.string().trim().max(MAX_TEXT, `Use at most ${MAX_TEXT} characters`).default(""),
      media: mediaSchema.nullable().default(null),
    })
    .superRefine(({ text, media }, context) => {
      const complain = (path: string, message: string) =>
        context.addIssue({ code: "custom", path: [path], message });
      if (!text && !media) complain("text", "Write a text or choose a file");
      else if (media?.kind === "video") complain("media", "Choose an image or a document");
      else if (media && text.length > MAX_CAPTION)
        complain("text", `Use at most ${MAX_CAPTION} characters beside a file`);
    }),
  z.object({
    kind: z.literal("template"),
    id,
    templateId: z.uuid("Choose a template"),
    parameters: z.array(z.string().trim().min(1, "Fill in every variable").max(1024)).max(50),
    media: mediaSchema.nullable().default(null),
  }),
]);
export type Reply = z.infer<typeof replySchema>;
export type FreeReply = Extract<Reply, { kind: "free" }>;
export type TemplateReply = Extract<Reply, { kind: "template" }>;
