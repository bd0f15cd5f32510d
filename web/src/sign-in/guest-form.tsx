/** Where a guest says what they want to be called. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { useRoute } from "../ui/use-store.ts";
import { useServices } from "../context.ts";
import { signIn } from "./guest.ts";
import { isVisible, length, tidyName } from "../lib/text.ts";
import { Field } from "../ui/controls.tsx";
import { Logo } from "../ui/icons.tsx";

/** What the server accepts by default; it says so only to who is connected. */
const NAME_LENGTH = 64;

export function Welcome(): VNode {
  const { store } = useServices();
  const route = useRoute();
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState("");
  const [hasTried, setTried] = useState(false);
  const name = tidyName(typed);
  const problem = problemOf(name);
  useEffect(() => {
    form.current?.querySelector("input")?.focus();
  }, []);

  const enter = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (problem === undefined) signIn(store, name);
    else form.current?.querySelector("input")?.focus();
  };
  return (
    <main class="alone">
      <form ref={form} class="welcome" onSubmit={enter} novalidate>
        <Logo />
        <h1>Live Chat</h1>
        <p class="lead">
          {route.view === "room" ? (
            <>
              You are invited to <strong class="room-id">{route.roomId}</strong>. Say who you are,
              and come in.
            </>
          ) : (
            "Pick a name, and start talking. No account, no password."
          )}
        </p>
        <Field
          id="name"
          label="Your name"
          value={typed}
          onValue={setTyped}
          error={hasTried || length(name) > NAME_LENGTH ? problem : undefined}
          hint="Everyone in your rooms sees it."
          input={{ autocomplete: "nickname", spellcheck: false, enterkeyhint: "go" }}
        />
        <button type="submit" class="button primary wide">
          {route.view === "room" ? "Join the room" : "Start chatting"}
        </button>
        <p class="fine">
          You stay the same guest in this browser, in every tab, until you sign out.
        </p>
      </form>
    </main>
  );
}

function problemOf(name: string): string | undefined {
  if (!isVisible(name)) return "Please type a name.";
  const excess = length(name) - NAME_LENGTH;
  return excess > 0 ? `That is ${excess} characters too long.` : undefined;
}
