/** Icons: lines of equal width in a square of 24 units. */

import type { VNode } from "preact";

const PATHS = {
  back: "M15 5l-7 7 7 7",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15l1.5-2ZM10 21h4",
  bellOff:
    "M6 16.5V11c0-1 .25-2 .7-2.8M9.5 5.5A6 6 0 0 1 18 11v3M16.5 18.5h-12l1.5-2M10 21h4M4 3.5l16 17",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 7.5V12l3 2M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0Z",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  down: "M12 5v14M6 13l6 6 6-6",
  enter:
    "M10 4h7.5A1.5 1.5 0 0 1 19 5.5v13a1.5 1.5 0 0 1-1.5 1.5H10M4 12h10M10.5 8.5L14 12l-3.5 3.5",
  exit: "M14 4H6.5A1.5 1.5 0 0 0 5 5.5v13A1.5 1.5 0 0 0 6.5 20H14M10.5 12H20M16.5 8.5L20 12l-3.5 3.5",
  invite:
    "M13.5 8.5a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0ZM3.5 19.5a6.5 6.5 0 0 1 13 0M18.5 7v6M15.5 10h6",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-.8.8M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l.8-.8",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  people:
    "M12.5 8.5a3.25 3.25 0 1 1-6.5 0 3.25 3.25 0 0 1 6.5 0ZM3.5 19a5.75 5.75 0 0 1 11.5 0M15.5 5.5a3.25 3.25 0 0 1 0 6M17.5 14a5.75 5.75 0 0 1 3 5",
  plus: "M12 5v14M5 12h14",
  send: "M4.5 12L4 4.5 20.5 12 4 19.5l.5-7.5Zm0 0H12",
  settings:
    "M4 7h9M18 7h2M4 17h3M12 17h8M13 7a2.5 2.5 0 1 0 5 0 2.5 2.5 0 0 0-5 0ZM7 17a2.5 2.5 0 1 0 5 0 2.5 2.5 0 0 0-5 0Z",
  sun: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0ZM12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1",
  system: "M4 5.5h16v11H4zM9 20h6M12 16.5V20",
  warning:
    "M12 8.5v4.5M12 16.5v.1M10.6 4.3L2.9 17.7A1.6 1.6 0 0 0 4.3 20h15.4a1.6 1.6 0 0 0 1.4-2.3L13.4 4.3a1.6 1.6 0 0 0-2.8 0Z",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon without an accessible name. A text beside it or the label of its button has the meaning. */
export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The logo of the chat: a speech bubble. */
export function Logo(): VNode {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="logo-ground" width="32" height="32" rx="9" />
      <path
        class="logo-figure"
        d="M9.5 8h13A3.5 3.5 0 0 1 26 11.5v6a3.5 3.5 0 0 1-3.5 3.5H16l-5 4.2V21H9.5A3.5 3.5 0 0 1 6 17.5v-6A3.5 3.5 0 0 1 9.5 8Z"
      />
      <g class="logo-dots">
        <circle cx="11.5" cy="14.5" r="1.5" />
        <circle cx="16" cy="14.5" r="1.5" />
        <circle cx="20.5" cy="14.5" r="1.5" />
      </g>
    </svg>
  );
}
