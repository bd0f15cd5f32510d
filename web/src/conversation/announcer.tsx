/** Tells screen readers what has just been said, and only that. */

import type { VNode } from "preact";

export interface Line {
  readonly key: string;
  readonly text: string;
}

/** The visible list shows rows as one scrolls, so it cannot be the log that is read out. */
export function Announcer({ lines }: { readonly lines: readonly Line[] }): VNode {
  return (
    <div class="unseen" role="log" aria-live="polite" aria-label="New messages">
      {lines.map(({ key, text }) => (
        <p key={key} dir="auto">
          {text}
        </p>
      ))}
    </div>
  );
}
