import { Fragment, type ReactNode } from "react";
import { type Span, spansOf } from "@/lib/templates/formatting";

/** A message text as WhatsApp shows it: *bold*, _italic_, ~strike~ and ```mono```, never HTML. */
export function FormattedText({ text }: { text: string }) {
  return <Spans spans={spansOf(text)} />;
}

function Spans({ spans }: { spans: Span[] }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other identity
  return spans.map((span, index) => <Fragment key={index}>{toNode(span)}</Fragment>);
}

function toNode(span: Span): ReactNode {
  switch (span.style) {
    case "text":
      return span.text;
    case "link":
      return <span className="text-[#0b6bcb] underline dark:text-[#53bdeb]">{span.text}</span>;
    case "mono":
      return <code className="font-mono text-[0.92em]">{span.text}</code>;
    case "bold":
      return (
        <strong className="font-semibold">
          <Spans spans={span.spans} />
        </strong>
      );
    case "italic":
      return (
        <em>
          <Spans spans={span.spans} />
        </em>
      );
    case "strike":
      return (
        <s>
          <Spans spans={span.spans} />
        </s>
      );
  }
}
