import { describe, expect, it } from "vitest";
import { type Span, spansOf } from "@/lib/templates/formatting";

const letters = { text: "t", link: "l", mono: "m", bold: "b", italic: "i", strike: "s" };

/** "t(a)b(t(c))" */
const outline = (spans: Span[]): string =>
  spans.map((span) => `${letters[span.style]}(${"text" in span ? span.text : outline(span.spans)})`).join("");

describe("spansOf", () => {
  it.each([
    ["", ""],
    ["plain", "t(plain)"],
    ["a *b* c", "t(a )b(t(b))t( c)"],
    ["*_both_*", "b(i(t(both)))"],
    ["~no~ ```*raw*```", "s(t(no))t( )m(*raw*)"],
    ["2*3*4 snake_case_name", "t(2*3*4 snake_case_name)"],
    ["* a * and ** and *b", "t(* a * and ** and *b)"],
    ["*over\ntwo lines*", "t(*over\ntwo lines*)"],
    ["*früh*ling", "t(*früh*ling)"],
    ["See https://example.com/a_b_c.", "t(See )l(https://example.com/a_b_c)t(.)"],
    ["<b>x</b>", "t(<b>x</b>)"],
  ])("%j", (text, expected) => {
    expect(outline(spansOf(text))).toBe(expected);
  });
});
