"use client";

import { ArrowDown } from "lucide-react";
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Outgoing } from "@/components/inbox/drafts";
import { MessageBubble } from "@/components/inbox/message-bubble";
import { OutgoingBubble } from "@/components/inbox/outgoing-bubble";
import { Button } from "@/components/ui/button";
import { formatTime } from "@/components/ui/time-format";
import { summaryOf } from "@/lib/inbox/content";
import type { Bubble } from "@/lib/inbox/conversation";

type Props = {
  contactId: string;
  bubbles: Bubble[];
  outgoing: Outgoing[];
  name: string;
  timeZone: string;
  earlier: { exists: boolean; isLoading: boolean; load: () => void };
};

/** So close to the end counts as being there (px). */
const NEAR = 48;

/** Stays at the end while somebody is there, and stays where it is while they read further up. */
export function MessageLog({ contactId, bubbles, outgoing, name, timeZone, earlier }: Props) {
  const { log, isAtEnd, hasNews, scrollToEnd, onScroll } = useScroll(bubbles, outgoing);
  const isMarked = (index: number) => {
    const { direction, answered } = bubbles[index] ?? {};
    if (direction !== "inbound" || !answered) return false;
    const before = bubbles.slice(0, index).findLast((each) => each.direction === "inbound");
    return answered.isQuoted || before?.answered?.id !== answered.id;
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={log}
        onScroll={onScroll}
        role="log"
        aria-live="off"
        aria-label={`Messages with ${name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="-outline-offset-2 relative h-full overflow-y-auto bg-muted/50 px-4 py-4 [overflow-anchor:none]"
      >
        {earlier.exists && (
          <div className="mb-4 grid justify-items-center">
            <Button variant="secondary" size="sm" loading={earlier.isLoading} onClick={earlier.load}>
              Show earlier messages
            </Button>
          </div>
        )}
        {bubbles.length === 0 && outgoing.length === 0 && (
          <p className="py-10 text-center text-muted-foreground text-sm">Nothing was said yet.</p>
        )}
        <ol className="grid gap-2">
          {bubbles.map((bubble, index) => {
            const day = formatTime(new Date(bubble.at), timeZone, "date");
            const before = bubbles[index - 1];
            const isNewDay = !before || formatTime(new Date(before.at), timeZone, "date") !== day;
            return (
              <Fragment key={bubble.id}>
                {isNewDay && (
                  <li className="my-2 text-center text-muted-foreground text-xs">
                    <span className="rounded-full border bg-surface px-2.5 py-1">{day}</span>
                  </li>
                )}
                <MessageBubble
                  contactId={contactId}
                  bubble={bubble}
                  name={name}
                  timeZone={timeZone}
                  showsAnswered={isMarked(index)}
                />
              </Fragment>
            );
          })}
          {outgoing.map((each) => (
            <OutgoingBubble key={each.reply.id} contactId={contactId} outgoing={each} />
          ))}
        </ol>
      </div>
      {hasNews && !isAtEnd && (
        <Button
          size="sm"
          className="-translate-x-1/2 absolute bottom-3 left-1/2 shadow-md"
          onClick={scrollToEnd}
        >
          <ArrowDown aria-hidden />
          New messages
        </Button>
      )}
      <Announcer bubbles={bubbles} name={name} />
    </div>
  );
}

type Anchor = { element: HTMLElement; top: number };

/** The last message that begins in sight: it stays where it is. */
function anchorOf(log: HTMLElement): Anchor | null {
  const messages = [...log.querySelectorAll<HTMLElement>("ol > li")];
  const end = log.scrollTop + log.clientHeight;
  const element = messages.findLast(({ offsetTop }) => offsetTop < end);
  return element ? { element, top: element.offsetTop } : null;
}

function useScroll(bubbles: Bubble[], outgoing: Outgoing[]) {
  const log = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor | null>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const [hasNews, setNews] = useState(false);
  const last = outgoing.at(-1)?.reply.id ?? bubbles.at(-1)?.id;
  const known = useRef({ last, own: outgoing.length });

  const scrollToEnd = () => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  };

  // After every render: a bubble may have changed its height without being another one.
  useLayoutEffect(() => {
    const element = log.current;
    if (!element) return;
    const isOwn = outgoing.length > known.current.own;
    if (isAtEnd || isOwn) element.scrollTop = element.scrollHeight;
    else {
      // Earlier messages come in above, and the first may leave for the page before when a new one comes.
      if (anchor.current?.element.isConnected)
        element.scrollTop += anchor.current.element.offsetTop - anchor.current.top;
      if (known.current.last !== last) setNews(true);
    }
    anchor.current = anchorOf(element);
    known.current = { last, own: outgoing.length };
  });

  const onScroll = () => {
    const element = log.current;
    if (!element) return;
    anchor.current = anchorOf(element);
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    setAtEnd(isNear);
    if (isNear) setNews(false);
  };
  return { log, isAtEnd, hasNews, scrollToEnd, onScroll };
}

/** Reads out what the person has just written, and nothing that was there before. */
function Announcer({ bubbles, name }: { bubbles: Bubble[]; name: string }) {
  const latest = bubbles.findLast(({ direction }) => direction === "inbound");
  const known = useRef(latest?.id);
  const [words, setWords] = useState("");
  useEffect(() => {
    if (!latest || latest.id === known.current) return;
    known.current = latest.id;
    setWords(`${name}: ${summaryOf(latest.content)}`);
  }, [latest, name]);
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  );
}
