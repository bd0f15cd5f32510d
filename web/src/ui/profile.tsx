/** The user's own name, connection state, notifications, theme and sign-out. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { useChat, useServices, type User } from "../context.ts";
import {
  notificationState,
  toggleNotifications,
  type NotificationState,
} from "../lib/notifications.ts";
import { chooseTheme, nextTheme, themeOf, type Theme } from "../lib/theme.ts";
import { connectionLabel } from "../lib/connection-messages.ts";
import { Avatar, IconButton, Name } from "./controls.tsx";
import { Lazy } from "./lazy-part.tsx";
import { useStored } from "./use-store.ts";
import type { IconName } from "./icons.tsx";

const THEMES: Readonly<Record<Theme, { readonly icon: IconName; readonly label: string }>> = {
  system: { icon: "system", label: "Theme: system" },
  light: { icon: "sun", label: "Theme: light" },
  dark: { icon: "moon", label: "Theme: dark" },
};

const NOTIFICATION_LABELS: Readonly<Record<NotificationState, string>> = {
  on: "Notifications are on",
  off: "Turn on notifications",
  denied: "Notifications are blocked in your browser's settings",
  unsupported: "This browser doesn't support notifications",
};

export function Profile({ user }: { readonly user: User }): VNode {
  const chat = useChat();
  const [isSigningOut, setSigningOut] = useState(false);
  const { name } = chat.me ?? user;
  const { state } = chat.connection;
  return (
    <footer class="profile">
      <Avatar member={chat.me ?? { userId: "", name }} />
      <div class="profile-name">
        <Name>{name}</Name>
        <span class="status" data-state={state}>
          {connectionLabel(chat.connection)}
        </span>
      </div>
      <Bell />
      <ThemeButton />
      <IconButton
        icon="exit"
        label="Sign out"
        onClick={() => {
          setSigningOut(true);
        }}
      />
      {isSigningOut && (
        <Lazy>
          {(parts) => (
            <parts.SignOutDialog
              onClose={() => {
                setSigningOut(false);
              }}
            />
          )}
        </Lazy>
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
  const state = useStored((stored) => notificationState(stored, notifier));
  if (!notifier) return null;
  return (
    <IconButton
      icon={state === "on" ? "bell" : "bellOff"}
      label={NOTIFICATION_LABELS[state]}
      aria-pressed={state === "on"}
      aria-disabled={state === "denied"}
      onClick={() => {
        void toggleNotifications(store, notifier);
      }}
    />
  );
}
