import { Contact, MapPin, Reply, ShoppingBasket } from "lucide-react";
import { MediaContent } from "@/components/inbox/media-content";
import { buttonIcon } from "@/components/templates/button-kinds";
import { FormattedText } from "@/components/templates/formatted-text";
import { mediaIcon } from "@/components/templates/media-icon";
import type { Content } from "@/lib/inbox/content";
import type { RenderedTemplate } from "@/lib/templates/variables";

type Props = {
  /** Null while the server does not know the message. */
  messageId: string | null;
  content: Content;
};

export function MessageContent({ messageId, content }: Props) {
  switch (content.kind) {
    case "text":
      return <Words text={content.text} />;
    case "choice":
      return (
        <p className="flex items-center gap-1.5">
          <Reply aria-hidden className="size-4 shrink-0 text-primary" />
          <bdi className="wrap-anywhere">{content.text}</bdi>
        </p>
      );
    case "media":
      return (
        <>
          <MediaContent messageId={messageId} content={content} />
          {content.caption && <Words text={content.caption} />}
        </>
      );
    case "location":
      return (
        <p className="flex items-center gap-1.5">
          <MapPin aria-hidden className="size-4 shrink-0 text-primary" />
          <a
            href={`https://www.openstreetmap.org/?mlat=${content.latitude}&mlon=${content.longitude}#map=16/${content.latitude}/${content.longitude}`}
            target="_blank"
            rel="noreferrer"
            className="wrap-anywhere text-primary underline underline-offset-4"
          >
            {content.name || `${content.latitude}, ${content.longitude}`}
          </a>
        </p>
      );
    case "contacts":
      return (
        <ul className="grid gap-1">
          {content.people.map(({ name, phones }) => (
            <li key={`${name} ${phones.join()}`} className="flex items-center gap-1.5">
              <Contact aria-hidden className="size-4 shrink-0 text-primary" />
              <span className="wrap-anywhere">
                <bdi>{name}</bdi>
                {["", ...phones].join(name ? " · " : " ")}
              </span>
            </li>
          ))}
        </ul>
      );
    case "order":
      return (
        <>
          <p className="flex items-center gap-1.5">
            <ShoppingBasket aria-hidden className="size-4 shrink-0 text-primary" />
            {content.items === 1 ? "1 item" : `${content.items} items`}
            {content.total && `, ${content.total}`}
          </p>
          {content.text && <Words text={content.text} />}
        </>
      );
    case "reaction":
      return (
        <p className="text-muted-foreground">
          {content.emoji
            ? `Reacted with ${content.emoji} to an earlier message`
            : "Took back a reaction to an earlier message"}
        </p>
      );
    case "template":
      return <Template {...content.template} />;
    case "note":
      return <p className="text-muted-foreground italic">{content.text}</p>;
  }
}

function Words({ text }: { text: string }) {
  return (
    <p dir="auto" className="wrap-anywhere whitespace-pre-wrap">
      <FormattedText text={text} />
    </p>
  );
}

function Template({ media, header, body, footer, buttons }: RenderedTemplate) {
  const Icon = media && mediaIcon(media.kind);
  return (
    <>
      {Icon && (
        <p className="flex items-center gap-1.5 text-muted-foreground text-xs">
          <Icon aria-hidden className="size-4 shrink-0" />
          <span className="wrap-anywhere">{media.fileName ?? "A file"}</span>
        </p>
      )}
      {header && (
        <p dir="auto" className="wrap-anywhere font-semibold">
          {header}
        </p>
      )}
      {body && <Words text={body} />}
      {footer && (
        <p dir="auto" className="wrap-anywhere text-muted-foreground text-xs">
          {footer}
        </p>
      )}
      {buttons.length > 0 && (
        <ul aria-label="Buttons" className="flex flex-wrap gap-1.5 pt-1">
          {buttons.map(({ type, text }, index) => {
            const ButtonIcon = buttonIcon(type);
            return (
              <li
                // biome-ignore lint/suspicious/noArrayIndexKey: the buttons of a message have no other identity
                key={index}
                className="flex items-center gap-1.5 rounded-full border border-primary/30 px-2.5 py-0.5 text-primary text-xs"
              >
                <ButtonIcon aria-hidden className="size-3.5 shrink-0" />
                {text}
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
