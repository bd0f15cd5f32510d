import { expect, test, vi } from "vitest";

import type { Room } from "../../sdk/index.ts";
import { message } from "../testing/messages.ts";
import { notify, notificationState, toggleNotifications, type Notifier } from "./notifications.ts";
import { MemoryStorage, Store } from "./store.ts";

function notifierWith(answer: NotificationPermission): Notifier {
  let permission: NotificationPermission = "default";
  return {
    get permission() {
      return permission;
    },
    requestPermission: () => Promise.resolve((permission = answer)),
    show: () => undefined,
  };
}

test("are off until the user and the browser turn them on, and can be turned off again", async () => {
  const store = new Store(new MemoryStorage());
  const notifier = notifierWith("granted");
  expect(notificationState(store, notifier)).toBe("off");

  await toggleNotifications(store, notifier);
  expect(notificationState(store, notifier)).toBe("on");

  await toggleNotifications(store, notifier);
  expect(notificationState(store, notifier)).toBe("off");
});

test("stay off if the user or the browser denies them", async () => {
  const store = new Store(new MemoryStorage());
  const notifier = notifierWith("denied");

  await toggleNotifications(store, notifier);

  expect(notificationState(store, notifier)).toBe("denied");
  expect(notificationState(store, undefined)).toBe("unsupported");
});

test("contain the sender, the room and a short text, and appear once for all tabs", () => {
  const show = vi.fn<Notifier["show"]>();
  const notifier = { ...notifierWith("granted"), show };
  const room = { id: "tea", name: "Tea time" } as Room;

  notify(notifier, room, { ...message(7, "bob"), text: "x".repeat(200) }, () => undefined);

  expect(show).toHaveBeenCalledWith(
    "bob in Tea time",
    { body: `${"x".repeat(140)}…`, tag: "tea:7" },
    expect.any(Function),
  );
});
