/** Oneself: name, connection, and what one can choose. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { useStored } from "./use-store.ts";
import { Later } from "./lazy-part.tsx";
import { useChat, useServices } from "../context.ts";
import type { Person } from "../lib/avatar.ts";
import { notifying, toggle, type Notifying } from "../lib/notifications.ts";
import { chooseTheme, nextTheme, themeOf, type Theme } from "../lib/theme.ts";
import { stateOf } from "../lib/connection-messages.ts";
import { Avatar, IconButton, Name } from "./controls.tsx";
import type { IconName } from "./icons.tsx";

const THEMES: Readonly<Record<Theme, { readonly icon: IconName; readonly label: string }>> = {
  system: { icon: "system", label: "Colours: as the system" },
  light: { icon: "sun", label: "Colours: light" },
  dark: { icon: "moon", label: "Colours: dark" },
};

const NOTIFYING: Readonly<Record<Notifying, string>> = {
  on: "Notifications are on",
  off: "Turn on notifications",
  denied: "Notifications are blocked in the browser's settings",
  unsupported: "This browser has no notifications",
};

export function Profile({ guest }: { readonly guest: Person }): VNode {
  const chat = useChat();
  const [isLeaving, setLeaving] = useState(false);
  const { name } = chat.me ?? guest;
  const { state } = chat.connection;
  return (
    <footer class="profile">
      <Avatar member={chat.me ?? { userId: "", name }} />
      <div class="profile-who">
        <Name>{name}</Name>
        <span class="status" data-state={state}>
          {stateOf(chat.connection)}
        </span>
      </div>
      <Bell />
      <ThemeButton />
      <IconButton
        icon="door"
        label="Sign out"
        onClick={() => {
          setLeaving(true);
        }}
      />
      {isLeaving && (
        <Later>
          {(desk) => (
            <desk.SignOut
              onClose={() => {
                setLeaving(false);
              }}
            />
          )}
        </Later>
      )}
    </footer>
  );
}

function ThemeButton(): VNode {
  const { store } = useServices();
  const theme = useStored(themeOf);
  return (
    <IconButton
      {...THEMES[theme]}
      onClick={() => {
        chooseTheme(store, nextTheme(theme));
      }}
    />
  );
}

function Bell(): VNode | null {
  const { store, notifier } = useServices();
  const state = useStored((kept) => notifying(kept, notifier));
  if (!notifier) return null;
  return (
    <IconButton
      icon={state === "on" ? "bell" : "bellOff"}
      label={NOTIFYING[state]}
      aria-pressed={state === "on"}
      aria-disabled={state === "denied"}
      onClick={() => {
        void toggle(store, notifier);
      }}
    />
  );
}
