/** Announces new messages to screen readers. */

import type { VNode } from "preact";

import type { Announcement } from "./news.ts";

interface AnnouncerProps {
  readonly announcements: readonly Announcement[];
}

/** A hidden log. The visible list renders rows while the user scrolls, so it cannot be a log. */
export function Announcer({ announcements }: AnnouncerProps): VNode {
  return (
    <div class="visually-hidden" role="log" aria-live="polite" aria-label="New messages">
      {announcements.map(({ key, text }) => (
        <p key={key} dir="auto">
          {text}
        </p>
      ))}
    </div>
  );
}
