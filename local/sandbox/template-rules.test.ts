import { describe, expect, test } from "vitest";
import { GraphError } from "./graph-error";
import { readDraft } from "./template-rules";

const body = { type: "BODY", text: "Hi {{1}}, your order is ready.", example: { body_text: [["Asha"]] } };
const draft = { name: "order_ready", language: "en_US", category: "UTILITY", components: [body] };

function refusalOf(
  changes: object,
): { code: number; subcode: number | undefined; title: string | undefined } | null {
  try {
    readDraft({ ...draft, ...changes }, (handle) => handle === "4::known");
    return null;
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const { error: details } = JSON.parse(error.toBody());
    return { code: details.code, subcode: details.error_subcode, title: details.error_user_title };
  }
}

const withBody = (text: string, example?: object) => ({ components: [{ ...body, text, example }] });
const withPart = (part: object) => ({ components: [part, body] });
const withButtons = (...buttons: object[]) => ({ components: [body, { type: "BUTTONS", buttons }] });
const quick = (text: string) => ({ type: "QUICK_REPLY", text });
const link = {
  type: "URL",
  text: "Shop",
  url: "https://example.com/s/{{1}}",
  example: ["https://example.com/s/A"],
};

test.each([
  ["positional", {}],
  [
    "named",
    {
      parameter_format: "NAMED",
      ...withBody("Hi {{first_name}}, it is ready.", {
        body_text_named_params: [{ param_name: "first_name", example: "A" }],
      }),
    },
  ],
  ["image header", withPart({ type: "HEADER", format: "IMAGE", example: { header_handle: ["4::known"] } })],
  [
    "text header",
    withPart({ type: "HEADER", format: "TEXT", text: "For {{1}}", example: { header_text: ["A"] } }),
  ],
  [
    "buttons",
    withButtons(quick("A"), quick("B"), link, {
      type: "PHONE_NUMBER",
      text: "Call",
      phone_number: "+1 650 555 0100",
    }),
  ],
  ["copy code", withButtons({ type: "COPY_CODE", example: "SPRING25" })],
  ["lower-case types", { category: "utility", components: [{ ...body, type: "body" }] }],
  [
    "one-time password",
    {
      category: "AUTHENTICATION",
      components: [{ type: "BODY" }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }],
    },
  ],
])("accepts %s", (_, changes) => {
  expect(refusalOf(changes)).toBeNull();
});

describe("refuses with a subcode", () => {
  test.each([
    ["a variable at the start", withBody("{{1}} is ready now.", { body_text: [["A"]] }), 2388299],
    ["a variable at the end", withBody("It is ready, dear {{1}}", { body_text: [["A"]] }), 2388299],
    [
      "variables side by side",
      withBody("Hi {{1}} {{2}}, it is ready for you now.", { body_text: [["A", "B"]] }),
      2388072,
    ],
    [
      "a gap in the numbers",
      withBody("Hi {{1}} and also {{3}}, it is ready.", { body_text: [["A", "B"]] }),
      2388072,
    ],
    [
      "more variables than words bear",
      withBody("Hi {{1}}, {{2}}, {{3}}.", { body_text: [["A", "B", "C"]] }),
      2388293,
    ],
    ["a missing example", withBody("Hi {{1}}, it is ready."), 2388043],
    ["too few examples", withBody("Hi {{1}}, {{2}} is ready for you.", { body_text: [["A"]] }), 2388043],
    ["no body", { components: [{ type: "FOOTER", text: "x" }] }, 2388043],
    ["a body of 1025 characters", withBody("x".repeat(1025)), 2388040],
    ["an empty body", withBody(""), 2388072],
    [
      "a header of 61 characters",
      withPart({ type: "HEADER", format: "TEXT", text: "x".repeat(61) }),
      2388040,
    ],
    [
      "two variables in a header",
      withPart({ type: "HEADER", format: "TEXT", text: "{{1}} and {{2}}" }),
      2388047,
    ],
    ["a header without a sample", withPart({ type: "HEADER", format: "IMAGE" }), 2388043],
    [
      "a media id as a sample",
      withPart({ type: "HEADER", format: "IMAGE", example: { header_handle: ["123"] } }),
      2388047,
    ],
    ["a variable in the footer", withPart({ type: "FOOTER", text: "for {{1}} only" }), 2388073],
    ["a footer of 61 characters", withPart({ type: "FOOTER", text: "x".repeat(61) }), 2388040],
    ["a button text of 26 characters", withButtons(quick("x".repeat(26))), 2388040],
    ["a link without an example", withButtons({ ...link, example: undefined }), 2388043],
  ])("%s", (_, changes, subcode) => {
    expect(refusalOf(changes)).toMatchObject({ code: 100, subcode });
  });
});

test.each([
  ["three links", withButtons(link, link, link)],
  [
    "two phone numbers",
    withButtons(
      { type: "PHONE_NUMBER", text: "A", phone_number: "1" },
      { type: "PHONE_NUMBER", text: "B", phone_number: "2" },
    ),
  ],
  ["eleven buttons", withButtons(...Array.from({ length: 11 }, () => quick("A")))],
  ["quick replies apart", withButtons(quick("A"), link, quick("B"))],
  ["a link with its variable in the middle", withButtons({ ...link, url: "https://example.com/{{1}}/s" })],
  ["an unknown button", withButtons({ type: "CONFETTI", text: "A" })],
  ["a name with capitals", { name: "Order" }],
])("refuses %s in words for the writer", (_, changes) => {
  expect(refusalOf(changes)).toMatchObject({ code: 100, title: expect.stringContaining("Invalid") });
});

test.each([
  ["no name", { name: undefined }],
  ["an unknown language", { language: "tlh" }],
  ["an unknown category", { category: "SPAM" }],
  ["a lifetime out of bounds", { message_send_ttl_seconds: 5 }],
  ["an unknown variable format", { parameter_format: "ROMAN" }],
])("refuses %s as a parameter", (_, changes) => {
  expect(refusalOf(changes)).toMatchObject({ code: 100, subcode: undefined });
});
