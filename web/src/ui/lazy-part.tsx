/** Shows what comes in a chunk of its own, once it is there. */

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";

import { useServices, type Desk, type Services } from "../context.ts";

/** What was loaded once is shown without a wait. */
const loaded = new WeakMap<Services["loadDesk"], Desk>();

interface LaterProps {
  readonly children: (desk: Desk) => VNode;
}

export function Later({ children }: LaterProps): VNode | null {
  const { loadDesk } = useServices();
  const [desk, setDesk] = useState<Desk | "failed" | undefined>(() => loaded.get(loadDesk));
  useEffect(() => {
    const take = (there: Desk): void => {
      loaded.set(loadDesk, there);
      setDesk(there);
    };
    loadDesk().then(take, () => {
      setDesk("failed");
    });
  }, [loadDesk]);
  if (desk === "failed") {
    return (
      <p class="note floating" role="alert">
        A part of the page could not be loaded. Reload the page, please.
      </p>
    );
  }
  return desk ? children(desk) : null;
}

/** Milliseconds after which it is loaded unasked, so that the first dialog does not wait for it. */
const LOADS_AFTER = 1_500;

export function useDeskSoon(): void {
  const { loadDesk } = useServices();
  useEffect(() => {
    const timer = setTimeout(() => {
      loadDesk().catch(() => undefined);
    }, LOADS_AFTER);
    return () => {
      clearTimeout(timer);
    };
  }, [loadDesk]);
}
