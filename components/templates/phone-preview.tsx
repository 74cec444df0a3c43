import { buttonIcon } from "@/components/templates/button-kinds";
import { FormattedText } from "@/components/templates/formatted-text";
import { mediaIcon } from "@/components/templates/media-icon";
import type { RenderedMedia, RenderedTemplate } from "@/lib/templates/variables";

type Props = RenderedTemplate & { businessName?: string | undefined };

/** The message in a chat that looks like WhatsApp's, in its light and dark colours. */
export function PhonePreview({
  media,
  header,
  body,
  footer,
  buttons,
  businessName = "Your business",
}: Props) {
  return (
    <figure
      aria-label="Preview of the message"
      className="mx-auto w-full max-w-80 overflow-hidden rounded-[1.75rem] border-4 border-[#1c211e] bg-[#efeae2] shadow-lg dark:border-[#3a443e] dark:bg-[#0b141a]"
    >
      <div className="flex items-center gap-2.5 bg-[#00695c] px-4 py-3 text-[#ffffff] dark:bg-[#202c33]">
        <span
          aria-hidden
          className="grid size-8 shrink-0 place-items-center rounded-full bg-[#ffffff]/20 font-semibold text-sm uppercase"
        >
          {[...businessName][0]}
        </span>
        <span className="min-w-0 truncate font-medium text-sm">{businessName}</span>
      </div>
      <div className="grid min-h-80 content-start gap-1 px-3 py-4 text-[#111b21] text-sm leading-5 dark:text-[#e9edef]">
        <div className="relative mr-6 min-w-0 rounded-lg rounded-tl-none bg-[#ffffff] px-2.5 pt-2 pb-1.5 shadow-sm dark:bg-[#202c33]">
          {media && <Attachment {...media} />}
          {header && <p className="wrap-anywhere mb-1 font-semibold text-[0.9375rem]">{header}</p>}
          {body ? (
            <p className="wrap-anywhere whitespace-pre-wrap">
              <FormattedText text={body} />
            </p>
          ) : (
            !media && (
              <p className="text-[#5b6b74] italic dark:text-[#8696a0]">Your message will appear here.</p>
            )
          )}
          {footer && (
            <p className="wrap-anywhere mt-1.5 text-[#5b6b74] text-xs dark:text-[#8696a0]">{footer}</p>
          )}
          <p
            aria-hidden
            className="mt-0.5 text-right text-[#5b6b74] text-[0.6875rem] leading-4 dark:text-[#8696a0]"
          >
            09:41
          </p>
        </div>
        {buttons.length > 0 && (
          <ul aria-label="Buttons" className="mr-6 grid gap-1">
            {buttons.map(({ type, text, url }, index) => {
              const Icon = buttonIcon(type);
              return (
                <li
                  // biome-ignore lint/suspicious/noArrayIndexKey: a preview's buttons have no other identity
                  key={index}
                  title={url}
                  className="flex min-h-9 items-center justify-center gap-2 rounded-lg bg-[#ffffff] px-3 py-1.5 text-center font-medium text-[#027a61] shadow-sm dark:bg-[#202c33] dark:text-[#53bdeb]"
                >
                  <Icon aria-hidden className="size-4 shrink-0" />
                  <span className="wrap-anywhere min-w-0">{text || "…"}</span>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    </figure>
  );
}

/** Stands for the file, which only WhatsApp has. */
function Attachment({ kind, fileName }: RenderedMedia) {
  const Icon = mediaIcon(kind);
  const name = fileName ?? { image: "An image", video: "A video", document: "A document" }[kind];
  return kind === "document" ? (
    <p className="-mx-1 mb-1.5 flex items-center gap-2 rounded-md bg-[#f0f2f5] px-2.5 py-2 dark:bg-[#111b21]">
      <Icon aria-hidden className="size-5 shrink-0" />
      <span className="wrap-anywhere min-w-0 text-xs">{name}</span>
    </p>
  ) : (
    <p className="-mx-1 mb-1.5 grid aspect-video content-center justify-items-center gap-1.5 rounded-md bg-[#f0f2f5] px-3 text-center text-[#4a5a63] dark:bg-[#111b21] dark:text-[#aebac1]">
      <Icon aria-hidden className="size-8 shrink-0" />
      <span className="wrap-anywhere min-w-0 text-xs">{name}</span>
    </p>
  );
}
