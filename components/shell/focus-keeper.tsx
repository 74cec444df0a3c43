"use client";

import { useEffect } from "react";

/** A dialog or a menu that closes gives the focus back to its button within this time. */
const GRACE_MS = 100;

/**
 * What is done often takes away or hides the button that did it, or its whole page, and the keyboard would be nowhere. Then the
 * nearest heading gets the focus: a screen reader says where one is, and Tab goes on from there.
 */
export function FocusKeeper() {
  useEffect(() => {
    let focused: Element[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;

    const remember = ({ target }: FocusEvent) => {
      focused = target instanceof Element ? withAncestors(target) : [];
    };
    // Whoever clicks beside everything wants the focus nowhere.
    const forget = () => {
      focused = [];
    };
    const keep = () => {
      const isGone = !focused[0]?.isConnected || !focused[0].checkVisibility();
      if (isGone && document.activeElement === document.body) focusHeading(focused);
    };
    const observer = new MutationObserver(() => {
      if (!focused[0]) return;
      clearTimeout(timer);
      timer = setTimeout(keep, GRACE_MS);
    });

    document.addEventListener("focusin", remember);
    document.addEventListener("pointerdown", forget, { capture: true });
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener("focusin", remember);
      document.removeEventListener("pointerdown", forget, { capture: true });
    };
  }, []);
  return null;
}

function withAncestors(element: Element): Element[] {
  const chain: Element[] = [];
  for (let each: Element | null = element; each; each = each.parentElement) chain.push(each);
  return chain;
}

/** The first heading of the smallest part of the page that is still there and has one. */
function focusHeading(chain: Element[]) {
  const main = document.querySelector("main");
  const parts = [...chain.filter((part) => part.isConnected && main?.contains(part)), main];
  const headings = parts.flatMap((part) => [...(part?.querySelectorAll<HTMLElement>("h1, h2, h3") ?? [])]);
  const heading = headings.find((each) => each.checkVisibility());
  if (!heading) return;
  heading.tabIndex = -1;
  // Who uses a mouse keeps looking where they clicked.
  heading.focus({ preventScroll: true });
  if (heading.matches(":focus-visible")) heading.scrollIntoView({ block: "nearest" });
}
