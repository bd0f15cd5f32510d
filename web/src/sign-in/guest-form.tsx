/** The form in which a guest enters a name. */

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { useRoute } from "../ui/use-store.ts";
import { isVisible, NAME_LENGTH } from "../../sdk/index.ts";
import { useServices } from "../context.ts";
import { saveGuest } from "./guest.ts";
import { length, tidyName } from "../lib/text.ts";
import { Field } from "../ui/controls.tsx";
import { Logo } from "../ui/icons.tsx";

export function GuestForm(): VNode {
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

  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (problem === undefined) saveGuest(store, name);
    else form.current?.querySelector("input")?.focus();
  };
  return (
    <main class="standalone">
      <form ref={form} class="sign-in" onSubmit={submit} novalidate>
        <Logo />
        <h1>Live Chat</h1>
        <p class="lead">
          {route.view === "room" ? (
            <>
              You're invited to <strong class="room-id">{route.roomId}</strong>. Enter your name to
              join.
            </>
          ) : (
            "Pick a name and start chatting. No account, no password."
          )}
        </p>
        <Field
          id="name"
          label="Your name"
          value={typed}
          onValue={setTyped}
          error={hasTried || length(name) > NAME_LENGTH ? problem : undefined}
          hint="Shown to everyone in your rooms."
          input={{ autocomplete: "nickname", spellcheck: false, enterkeyhint: "go" }}
        />
        <button type="submit" class="button primary wide">
          {route.view === "room" ? "Join the room" : "Start chatting"}
        </button>
        <p class="fine-print">
          You'll stay the same guest on this browser, in every tab, until you sign out.
        </p>
      </form>
    </main>
  );
}

function problemOf(name: string): string | undefined {
  if (!isVisible(name)) return "Please enter a name.";
  const excess = length(name) - NAME_LENGTH;
  return excess > 0 ? `That is ${excess} characters too long.` : undefined;
}
