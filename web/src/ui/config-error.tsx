/** What one sees when the page does not know where its chat is. */

import type { VNode } from "preact";

import { Blank } from "./controls.tsx";

export function Trouble({ error }: { readonly error: Error }): VNode {
  return (
    <main class="alone">
      <h1 class="unseen">Live Chat</h1>
      <Blank icon="warning" title="This chat is not set up yet" isAlert>
        <p>The page could not find out where its chat is. If you run it, this may help:</p>
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
      </Blank>
    </main>
  );
}
