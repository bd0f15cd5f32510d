/** Oneself: name, connection, and what one can choose. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

import { useStored } from "../hooks/changes.ts";
import { useChat, useSelf, useServices } from "../services.ts";
import type { Person } from "../state/people.ts";
import { notifying, toggle, type Notifying } from "../state/notify.ts";
import { hashOf } from "../state/route.ts";
import { chooseTheme, nextTheme, themeOf, type Theme } from "../state/theme.ts";
import { stateOf } from "../state/words.ts";
import { Avatar, IconButton, Name } from "./controls.tsx";
import { Dialog } from "./dialog.tsx";
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
        <SignOut
          onClose={() => {
            setLeaving(false);
          }}
        />
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

function SignOut({ onClose }: { readonly onClose: () => void }): VNode {
  const { isGuest, signOut } = useSelf();
  return (
    <Dialog title="Sign out?" onClose={onClose}>
      <p>
        This browser forgets who you are, your rooms and your drafts, and what you wrote that is not
        sent yet. What you said stays
        {isGuest ? ", but you cannot come back as the same guest." : "."}
      </p>
      <p class="actions end">
        <button type="button" class="button" onClick={onClose}>
          Stay
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            location.hash = hashOf({ view: "rooms" });
            signOut();
          }}
        >
          Sign out
        </button>
      </p>
    </Dialog>
  );
}
