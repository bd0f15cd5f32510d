/** The page of a chat whose configuration could not be read. */

import type { VNode } from "preact";

import { EmptyState } from "./controls.tsx";

export function ConfigErrorPage({ error }: { readonly error: Error }): VNode {
  return (
    <main class="standalone">
      <h1 class="visually-hidden">Live Chat</h1>
      <EmptyState icon="warning" title="This chat is not set up yet" isAlert>
        <p>The page could not find its chat. If you run this chat, this may help:</p>
        <p class="detail">{error.message}</p>
        <button
          type="button"
          class="button primary"
          onClick={() => {
            location.reload();
          }}
        >
          Try again
        </button>
      </EmptyState>
    </main>
  );
}
