export type Span =
  | { style: "text" | "link" | "mono"; text: string }
  | { style: "bold" | "italic" | "strike"; spans: Span[] };

const styleOf: Record<string, "bold" | "italic" | "strike"> = { "*": "bold", _: "italic", "~": "strike" };

/** The signs count only around something, at the edges of words and within one line; inside ``` nothing counts. */
const FORMATTED =
  /```(?<mono>[\s\S]+?)```|(?<![\p{L}\p{N}])(?<sign>[*_~])(?=\S)(?<inner>.+?)(?<=\S)\k<sign>(?![\p{L}\p{N}])|(?<link>https?:\/\/[^\s<>"]*[^\s<>".,;:!?*_~)])/gu;

/** WhatsApp's own formatting of message texts. Source: WhatsApp Help Center, "How to format your messages". */
export function spansOf(text: string): Span[] {
  const spans: Span[] = [];
  let end = 0;
  for (const match of text.matchAll(FORMATTED)) {
    if (match.index > end) spans.push({ style: "text", text: text.slice(end, match.index) });
    spans.push(spanOf(match.groups ?? {}));
    end = match.index + match[0].length;
  }
  if (end < text.length) spans.push({ style: "text", text: text.slice(end) });
  return spans;
}

function spanOf({ mono, sign = "", inner = "", link }: Record<string, string | undefined>): Span {
  if (mono !== undefined) return { style: "mono", text: mono };
  if (link !== undefined) return { style: "link", text: link };
  return { style: styleOf[sign] ?? "bold", spans: spansOf(inner) };
}
