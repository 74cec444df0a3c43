import { expect, test } from "vitest";
import * as z from "zod";
import { bubblesOf, type Entry, newId } from "@/lib/inbox/conversation";

const entry = (id: string, direction: Entry["direction"], content: Entry["content"]): Entry => ({
  ...{ id, direction, content, at: new Date(0), status: "delivered", errorMessage: null },
  ...{ whatsappMessageId: `wamid.${id}`, campaign: null, answered: null },
});
const text = (id: string) => entry(id, "outbound", { kind: "text", text: id });
const reaction = (id: string, to: string, emoji: string | null, direction: Entry["direction"] = "inbound") =>
  entry(id, direction, { kind: "reaction", emoji, to: `wamid.${to}` });

test.each<[string, Entry[], [string, string[]][]]>([
  ["beside the message it is about", [text("a"), reaction("b", "a", "👍")], [["a", ["👍"]]]],
  [
    "once, when it was changed",
    [text("a"), reaction("b", "a", "👍"), reaction("c", "a", "😮")],
    [["a", ["😮"]]],
  ],
  [
    "no more, when it was taken back",
    [text("a"), reaction("b", "a", "👍"), reaction("c", "a", null)],
    [["a", []]],
  ],
  [
    "for each side",
    [text("a"), reaction("b", "a", "👍"), reaction("c", "a", "🙏", "outbound")],
    [["a", ["👍", "🙏"]]],
  ],
  [
    "by itself, when the message is not shown",
    [text("a"), reaction("b", "earlier", "👍")],
    [
      ["a", []],
      ["b", []],
    ],
  ],
])("shows a reaction %s", (_, entries, bubbles) => {
  expect(bubblesOf(entries).map(({ id, reactions }) => [id, reactions])).toEqual(bubbles);
});

test("makes ids of version 7 that grow with time", () => {
  const ids = [0, 1, 1_763_800_000_000, Date.now()].map((now) => newId(now));

  expect(ids.every((id) => z.uuidv7().safeParse(id).success)).toBe(true);
  expect(ids).toEqual(ids.toSorted());
  expect(newId()).not.toBe(newId());
});
