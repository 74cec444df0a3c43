import { describe, expect, it } from "vitest";
import { violationsOf, warningsOf } from "@/lib/templates/rules";
import { componentsSchema } from "@/lib/templates/schema";

const body = (text: string, ...examples: string[]) => ({
  type: "BODY",
  text,
  ...(examples.length > 0 && { example: { body_text: [examples] } }),
});
const header = (text: string, ...examples: string[]) => ({
  type: "HEADER",
  format: "TEXT",
  text,
  ...(examples.length > 0 && { example: { header_text: examples } }),
});
const footer = (text: string) => ({ type: "FOOTER", text });
const buttons = (...list: object[]) => ({ type: "BUTTONS", buttons: list });
const quick = (text: string) => ({ type: "QUICK_REPLY", text });
const url = (address: string, ...example: string[]) => ({ type: "URL", text: "Shop", url: address, example });

const plain = body("Our spring sale starts on Friday.");
const subject = { name: "spring_sale", category: "marketing" as const, language: "en_US" };
const fieldsOf = (components: object[], changes: Partial<typeof subject> = {}) =>
  violationsOf({ ...subject, ...changes, components: componentsSchema.parse(components) }).map(
    ({ field }) => field,
  );

describe("what Meta takes", () => {
  it.each([
    ["a plain text", [plain]],
    ["1024 characters", [body("a".repeat(1024))]],
    ["a variable in the middle", [body("Hi {{1}}, everything is 20% off.", "Asha")]],
    ["the ratio at its edge", [body("one two {{1}} three", "x")]],
    ["words in a language without spaces", [body("亲爱的{{1}}，我们的春季促销从星期五开始。", "王")]],
    ["a header that ends in a variable", [header("Hello {{1}}", "Asha"), plain]],
    [
      "names",
      [
        {
          type: "BODY",
          text: "Hi {{first_name}}, our sale starts on Friday.",
          example: { body_text_named_params: [{ param_name: "first_name", example: "Asha" }] },
        },
      ],
    ],
    ["quick replies before a link", [plain, buttons(quick("Yes"), quick("No"), url("https://example.com"))]],
    [
      "a link with a variable",
      [plain, buttons(url("https://example.com/s/{{1}}", "https://example.com/s/x"))],
    ],
    [
      "a link with a query",
      [plain, buttons(url("https://example.com?code={{1}}", "https://example.com?code=x"))],
    ],
    [
      "ten quick replies",
      [plain, buttons(...Array.from({ length: 10 }, (_, index) => quick(`Reply ${index}`)))],
    ],
    [
      "call and code",
      [
        plain,
        buttons(
          { type: "PHONE_NUMBER", text: "Call", phone_number: "+15551234567" },
          { type: "COPY_CODE", example: "25OFF" },
        ),
      ],
    ],
  ])("%s", (_, components) => {
    expect(fieldsOf(components)).toEqual([]);
  });
});

describe("what Meta refuses", () => {
  it.each([
    ["no body", [], "body"],
    ["an empty body", [body("  ")], "body"],
    ["1025 characters", [body("a".repeat(1025))], "body"],
    ["a variable first", [body("{{1}}, our spring sale starts on Friday.", "Asha")], "body"],
    ["a variable last", [body("Our spring sale starts on Friday, {{1}}", "Asha")], "body"],
    [
      "two variables side by side",
      [body("Dear friend {{1}} {{2}}, our spring sale starts on Friday.", "A", "B")],
      "body",
    ],
    [
      "a gap in the numbers",
      [body("Dear {{1}}, our spring sale starts on {{3}} and not before.", "A", "B", "C")],
      "body",
    ],
    ["numbers from two", [body("Dear {{2}}, our spring sale starts.", "A", "B")], "body"],
    ["numbers and names", [body("Dear {{1}}, our spring {{sale}} starts on Friday.", "A")], "body"],
    [
      "numbers in the header, names in the body",
      [header("Hi {{1}}", "A"), body("Our spring {{sale}} starts on Friday.")],
      "body",
    ],
    ["capital letters in a name", [body("Dear {{Name}}, our spring sale starts.", "A")], "body"],
    ["spaces in a variable", [body("Dear {{ 1 }}, our spring sale starts.", "A")], "body"],
    ["a variable that is not closed", [body("Dear {{1, our spring sale starts.")], "body"],
    ["too many variables for the length", [body("Hi {{1}}, your {{2}} is ready", "A", "B")], "body"],
    ["a missing example", [body("Hi {{1}}, everything is 20% off.")], "examples.body_1"],
    ["an empty example", [header("Hi {{1}}", " "), plain], "examples.header_1"],
    ["a long header", [header("a".repeat(61)), plain], "header"],
    ["two variables in the header", [header("{{1}} and {{2}}", "A", "B"), plain], "header"],
    ["a header of two lines", [header("a\nb"), plain], "header"],
    ["a formatted header", [header("*Sale*"), plain], "header"],
    ["an empty header", [header(""), plain], "header"],
    ["an image", [{ type: "HEADER", format: "IMAGE" }, plain], "header"],
    ["a long footer", [plain, footer("a".repeat(61))], "footer"],
    ["a variable in the footer", [plain, footer("Bye {{1}}")], "footer"],
    ["an empty footer", [plain, footer("")], "footer"],
    [
      "eleven buttons",
      [plain, buttons(...Array.from({ length: 11 }, (_, index) => quick(`Reply ${index}`)))],
      "buttons",
    ],
    [
      "three links",
      [plain, buttons(...[1, 2, 3].map((n) => ({ ...url("https://example.com"), text: `Link ${n}` })))],
      "buttons",
    ],
    [
      "two call buttons",
      [
        plain,
        buttons(...["A", "B"].map((text) => ({ type: "PHONE_NUMBER", text, phone_number: "+15551234567" }))),
      ],
      "buttons",
    ],
    [
      "two codes",
      [plain, buttons({ type: "COPY_CODE", example: "A" }, { type: "COPY_CODE", example: "B" })],
      "buttons",
    ],
    ["quick replies apart", [plain, buttons(quick("A"), url("https://example.com"), quick("B"))], "buttons"],
    ["a button without text", [plain, buttons(quick(""))], "buttons.0.text"],
    ["a long button", [plain, buttons(quick("a".repeat(26)))], "buttons.0.text"],
    ["two equal buttons", [plain, buttons(quick("Stop"), quick("stop"))], "buttons.1.text"],
    ["a variable in a button's text", [plain, buttons(quick("Hi {{1}}"))], "buttons.0.text"],
    ["no address", [plain, buttons(url(""))], "buttons.0.url"],
    ["a half address", [plain, buttons(url("example.com"))], "buttons.0.url"],
    ["another scheme", [plain, buttons(url("javascript:alert(1)"))], "buttons.0.url"],
    ["a long address", [plain, buttons(url(`https://example.com/${"a".repeat(2000)}`))], "buttons.0.url"],
    [
      "a variable in the middle of an address",
      [plain, buttons(url("https://example.com/{{1}}/x", "y"))],
      "buttons.0.url",
    ],
    [
      "two variables in an address",
      [plain, buttons(url("https://example.com/{{1}}{{2}}", "y"))],
      "buttons.0.url",
    ],
    ["a variable in the host", [plain, buttons(url("https://example.com{{1}}", "y"))], "buttons.0.url"],
    ["a link to WhatsApp", [plain, buttons(url("https://wa.me/15551234567"))], "buttons.0.url"],
    ["a link without its example", [plain, buttons(url("https://example.com/{{1}}"))], "buttons.0.example"],
    [
      "a number without country code",
      [plain, buttons({ type: "PHONE_NUMBER", text: "Call", phone_number: "5551234" })],
      "buttons.0.phone_number",
    ],
    ["a long code", [plain, buttons({ type: "COPY_CODE", example: "a".repeat(16) })], "buttons.0.example"],
    ["an unknown button", [plain, buttons({ type: "FLOW", text: "Go" })], "buttons.0.type"],
  ])("%s", (_, components, field) => {
    expect(fieldsOf(components)).toContain(field);
  });

  it.each([
    ["no name", { name: "" }, "name"],
    ["a name with capitals", { name: "Spring" }, "name"],
    ["a name with spaces", { name: "spring sale" }, "name"],
    ["513 characters", { name: "a".repeat(513) }, "name"],
    ["an unknown language", { language: "tlh" }, "language"],
    ["a property of every object as language", { language: "toString" }, "language"],
    ["authentication", { category: "authentication" }, "category"],
  ])("%s", (_, changes, field) => {
    expect(fieldsOf([plain], changes as Partial<typeof subject>)).toEqual([field]);
  });

  it("says how many words are missing", () => {
    const components = componentsSchema.parse([body("Hi {{1}}, your {{2}} is ready", "A", "B")]);
    expect(violationsOf({ ...subject, components })[0]?.message).toContain(
      "at least 5 other words around them; there are 4",
    );
  });
});

describe("what the owner may regret", () => {
  const warned = (components: object[], category: "marketing" | "utility" = "marketing") =>
    warningsOf({ category, components: componentsSchema.parse(components) }).map(({ field }) => field);

  it.each([
    ["marketing without a way out", [plain], ["footer"]],
    ["nothing written yet", [body("")], []],
    ["a way out in the footer", [plain, footer("Reply STOP to opt out")], []],
    ["a way out as a quick reply", [plain, buttons(quick("Unsubscribe"))], []],
    ["four buttons", [plain, footer("Stop"), buttons(...["A", "B", "C", "D"].map(quick))], ["buttons"]],
    ["a mixture", [plain, footer("Stop"), buttons(quick("A"), url("https://example.com"))], ["buttons"]],
  ])("%s", (_, components, fields) => {
    expect(warned(components)).toEqual(fields);
  });

  it("asks for no way out of a utility message", () => {
    expect(warned([plain], "utility")).toEqual([]);
  });
});
