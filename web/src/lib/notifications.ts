/** Desktop notifications of what is said while one looks elsewhere. */

import type { Message, Room } from "../../sdk/index.ts";
import type { Store } from "./store.ts";

/** What the button shows: notifications are on, off, forbidden by the browser, or unknown to it. */
export type Notifying = "on" | "off" | "denied" | "unsupported";

/** As much of the browser as is used here. */
export interface Notifier {
  readonly permission: NotificationPermission;
  requestPermission(): Promise<NotificationPermission>;
  show(title: string, options: NotificationOptions, opened: () => void): void;
}

const NAME = "notify";
const LONGEST = 140;

export function notifying(store: Store, notifier: Notifier | undefined): Notifying {
  if (!notifier) return "unsupported";
  if (notifier.permission === "denied") return "denied";
  return notifier.permission === "granted" && store.read(NAME, isTrue) ? "on" : "off";
}

/** Turn them on, which asks the person, or off. */
export async function toggle(store: Store, notifier: Notifier): Promise<void> {
  if (notifying(store, notifier) === "on") {
    store.remove(NAME);
    return;
  }
  const permission = await notifier.requestPermission();
  if (permission === "granted") store.write(NAME, true);
  else store.remove(NAME);
}

/** Tell of a message; the tag makes it one notification however many tabs tell of it. */
export function notify(notifier: Notifier, room: Room, message: Message, open: () => void): void {
  const { sender, text, seq } = message;
  const body = text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text;
  notifier.show(`${sender.name} in ${room.name}`, { body, tag: `${room.id}:${seq}` }, open);
}

/** The browser's notifications, where it has them. */
export function browserNotifier(view: Window & typeof globalThis): Notifier | undefined {
  if (!("Notification" in view)) return undefined;
  const { Notification } = view;
  return {
    get permission() {
      return Notification.permission;
    },
    requestPermission: () => Notification.requestPermission(),
    show(title, options, opened) {
      try {
        const notification = new Notification(title, options);
        notification.onclick = () => {
          view.focus();
          notification.close();
          opened();
        };
      } catch {
        // Some phones have notifications for service workers only.
      }
    },
  };
}

function isTrue(value: unknown): value is true {
  return value === true;
}
