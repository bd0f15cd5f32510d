/** Desktop notifications of messages that arrive while the user looks elsewhere. */

import type { Message, Room } from "../../sdk/index.ts";
import type { Store } from "./store.ts";

/** The state of the button. `denied` means that the browser blocks notifications. */
export type NotificationState = "on" | "off" | "denied" | "unsupported";

/** The part of the browser that notifications need. */
export interface Notifier {
  readonly permission: NotificationPermission;
  requestPermission(): Promise<NotificationPermission>;
  show(title: string, options: NotificationOptions, opened: () => void): void;
}

const NAME = "notify";
const MAX_BODY = 140;

export function notificationState(store: Store, notifier: Notifier | undefined): NotificationState {
  if (!notifier) return "unsupported";
  if (notifier.permission === "denied") return "denied";
  return notifier.permission === "granted" && store.read(NAME, isTrue) ? "on" : "off";
}

/** Turn notifications off, or turn them on after the browser has asked the user. */
export async function toggleNotifications(store: Store, notifier: Notifier): Promise<void> {
  if (notificationState(store, notifier) === "on") {
    store.remove(NAME);
    return;
  }
  const permission = await notifier.requestPermission();
  if (permission === "granted") store.write(NAME, true);
  else store.remove(NAME);
}

/** Show a notification of a message. The tag makes the browser show it once for all tabs. */
export function notify(notifier: Notifier, room: Room, message: Message, open: () => void): void {
  const { sender, text, seq } = message;
  const body = text.length > MAX_BODY ? `${text.slice(0, MAX_BODY).toWellFormed()}…` : text;
  notifier.show(`${sender.name} in ${room.name}`, { body, tag: `${room.id}:${seq}` }, open);
}

/** Return the notifications of the browser, or undefined if it does not support them. */
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
        // Some phones allow notifications only in service workers.
      }
    },
  };
}

function isTrue(value: unknown): value is true {
  return value === true;
}
