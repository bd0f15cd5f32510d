import { expect, test, vi } from "vitest";

import type { Room } from "../../sdk/index.ts";
import { message } from "../testing/messages.ts";
import { notify, notifying, toggle, type Notifier } from "./notifications.ts";
import { MemoryShelf, Store } from "./store.ts";

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

test("are off until one asks for them and the browser agrees, and off again after that", async () => {
  const store = new Store(new MemoryShelf());
  const notifier = notifierWith("granted");
  expect(notifying(store, notifier)).toBe("off");

  await toggle(store, notifier);
  expect(notifying(store, notifier)).toBe("on");

  await toggle(store, notifier);
  expect(notifying(store, notifier)).toBe("off");
});

test("stay off when the person or the browser does not want them", async () => {
  const store = new Store(new MemoryShelf());
  const notifier = notifierWith("denied");

  await toggle(store, notifier);

  expect(notifying(store, notifier)).toBe("denied");
  expect(notifying(store, undefined)).toBe("unsupported");
});

test("say who said what where, in few words, and are one for all tabs", () => {
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
