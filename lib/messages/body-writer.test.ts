import { describe, expect, test } from "vitest";
import { templateSnapshotSchema } from "@/lib/campaigns/schema";
import { bodyOf, createBodyWriter } from "@/lib/messages/body";
import type { Addressed } from "@/lib/messages/settlement";

const text = (components: object[], rest: object = {}) =>
  templateSnapshotSchema.parse({ name: "spring_sale", language: "en_US", components, ...rest });

const everything = text([
  { type: "HEADER", format: "TEXT", text: "Hello {{1}}" },
  { type: "BODY", text: "From {{2}} to {{1}}, {{2}} again: {{10}}, and {{3}}" },
  {
    type: "BUTTONS",
    buttons: [
      { type: "QUICK_REPLY", text: "Stop" },
      { type: "URL", text: "Shop", url: "https://example.com/s/{{1}}" },
      { type: "COPY_CODE", text: "Copy offer code", example: ["25OFF"] },
    ],
  },
]);

const media = {
  kind: "document",
  mediaId: "1234",
  fileName: 'Menü "May".pdf',
  phoneNumberId: "1",
  uploadedAt: "2026-05-01T00:00:00Z",
};
const campaigns = {
  "a template with every kind of variable": { messageType: "template", template: everything },
  "a template with named variables": {
    messageType: "template",
    template: text([{ type: "BODY", text: "Hi {{first_name}}, {{discount}} off, {{first_name}}!" }]),
  },
  "a template with a file": {
    messageType: "template",
    template: text(
      [
        { type: "HEADER", format: "DOCUMENT" },
        { type: "BODY", text: "Hi {{1}}" },
      ],
      { media },
    ),
  },
  "a template without variables": {
    messageType: "template",
    template: text([{ type: "BODY", text: "Hello" }]),
  },
  "a text": {
    messageType: "text",
    template: text([{ type: "BODY", text: "Hi {{1}}, https://example.com" }]),
  },
};

const values = [
  "Asha",
  "",
  "  two  \t\n lines  ",
  'a "quoted" \\ word',
  "Zoë 😀 نور \u2028\u0000\u001f",
  "shoes?size=41&x=[1]",
  "http://x/{{1}}",
  "$& $1 $`",
  '","to":"+49151","x":"',
];

/** Every value in every place, with too few and too many of them as well. */
const messages: Addressed[] = values.flatMap((_, first) =>
  [0, 1, 4, 6, 9].map((length) => ({
    id: `019a0000-0000-7000-8000-00000000000${first}`,
    phone: `+4915112345${first}`,
    parameters: Array.from({ length }, (_, index) => values[(first + index) % values.length] ?? ""),
    retryCount: first % 3,
  })),
);

describe.each(Object.entries(campaigns))("the bodies of %s", (_, campaign) => {
  test("are the JSON of their objects, whatever the values", () => {
    const write = createBodyWriter(campaign);

    expect(messages.map(write)).toEqual(messages.map((message) => JSON.stringify(bodyOf(campaign, message))));
  });
});
