/** The text of a message. A long text is folded until the user wants to see all of it. */

import type { RefObject, VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { isJumbo, linesIn } from "../lib/text.ts";
import { linkify } from "./linkify.ts";

/** Lines of a folded message. The style sheet has the same number. */
export const FOLD_LINES = 20;

/** Characters of a line on the narrowest screen. A text of fewer lines is not measured. */
const NARROWEST = 16;

export interface Fold {
  readonly box: RefObject<HTMLDivElement | null>;
  /** True if the text may be too long. The style sheet then hides what is below the last line. */
  readonly isFolded: boolean;
  /** True if a button folds or unfolds the text. */
  readonly hasButton: boolean;
  /** Folds or unfolds the text, and scrolls the list down by *pixels*. */
  readonly toggle: (pixels: number) => void;
}

/** Return the state of a text that is folded if it has more than `FOLD_LINES` lines. */
export function useFold(text: string, isUnfolded: boolean, toggle: Fold["toggle"]): Fold {
  const box = useRef<HTMLDivElement>(null);
  const mayBeLong = linesIn(text, NARROWEST) > FOLD_LINES;
  const isFolded = mayBeLong && !isUnfolded;
  const [isCut, setIsCut] = useState(false);
  useLayoutEffect(() => {
    const { current: element } = box;
    if (!isFolded || !element) return;
    const measure = (): void => {
      setIsCut(element.scrollHeight > element.clientHeight);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [isFolded, text]);
  return { box, isFolded, hasButton: mayBeLong && (isUnfolded || isCut), toggle };
}

interface BubbleProps {
  readonly text: string;
  readonly fold: Fold;
}

/** Only HTTP and HTTPS addresses become links. */
export function Bubble({ text, fold }: BubbleProps): VNode {
  return (
    <div
      class="bubble"
      ref={fold.box}
      dir="auto"
      data-jumbo={isJumbo(text)}
      data-folded={fold.isFolded}
      data-cut={fold.isFolded && fold.hasButton}
      onScroll={(event) => {
        // The browser scrolls to a match of its search, or to a link that received the focus.
        const { scrollTop } = event.currentTarget;
        if (!fold.isFolded || scrollTop === 0) return;
        event.currentTarget.scrollTop = 0;
        fold.toggle(scrollTop);
      }}
    >
      {linkify(text).map((piece, index) =>
        piece.href === undefined ? (
          piece.text
        ) : (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ),
      )}
    </div>
  );
}

interface FoldButtonProps {
  readonly fold: Fold;
  /** The message, as in "Show more of your message". */
  readonly of: string;
}

export function FoldButton({ fold, of }: FoldButtonProps): VNode | null {
  if (!fold.hasButton) return null;
  const label = fold.isFolded ? "Show more" : "Show less";
  return (
    <button
      type="button"
      class="link-button fold-button"
      aria-expanded={!fold.isFolded}
      aria-label={`${label} of ${of}`}
      onClick={() => {
        fold.toggle(0);
      }}
    >
      {label}
    </button>
  );
}
