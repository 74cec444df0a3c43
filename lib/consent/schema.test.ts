import { describe, expect, test } from "vitest";
import { consentSettingsSchema } from "@/lib/consent/schema";
import { builtInWords, ownWords } from "@/lib/consent/words";

const valid = { optOutWords: "STOP", optInWords: "START", confirmsOptOut: false, optOutReply: "" };
const errorsOf = (input: object) =>
  consentSettingsSchema.safeParse({ ...valid, ...input }).error?.issues.map(({ message }) => message) ?? [];

test("reads one word or phrase per line, each once, and a list alike", () => {
  const text = consentSettingsSchema.parse({ ...valid, optOutWords: "\n STOP \r\nstop!\nno  more\n\n" });
  const list = consentSettingsSchema.parse({ ...valid, optOutWords: ["STOP", "Stop", "no more"] });

  expect(text.optOutWords).toEqual(["STOP", "no more"]);
  expect(list.optOutWords).toEqual(["STOP", "no more"]);
});

test.each([
  [{ optInWords: "START\nStop!" }, "“Stop!” is in both lists"],
  [{ optOutWords: " \n" }, "at least one"],
  [{ optInWords: [] }, "at least one"],
  [{ optOutWords: "🛑" }, "Use letters or digits"],
  [{ optOutWords: "x".repeat(61) }, "at most 60"],
  [{ optOutWords: Array.from({ length: 501 }, (_, index) => `word ${index}`) }, "At most 500"],
  [{ optOutReply: "x".repeat(1001) }, "At most 1,000"],
  [{ optOutReply: "a\0" }, "cannot be stored"],
  [{ optOutReply: "a\ud83d" }, "cannot be stored"],
])("refuses %j in plain words", (input, words) => {
  expect(errorsOf(input).join()).toContain(words);
});

describe("the built-in words", () => {
  test("are valid, and stored as none, so that they grow with us", () => {
    const { optOut, optIn } = builtInWords;

    expect(errorsOf({ optOutWords: optOut.join("\n"), optInWords: optIn.join("\n") })).toEqual([]);
    expect(ownWords(optOut.toReversed(), optOut)).toEqual([]);
    expect(ownWords([...optOut, "genug"], optOut)).toHaveLength(optOut.length + 1);
  });
});
