/** The chat of one guest, from signing in to signing out. */

import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import { Shell } from "./components/shell.tsx";
import { ChatContext, useServices } from "./services.ts";
import type { Guest } from "./state/guest.ts";
import { followRooms } from "./state/following.ts";
import { resting } from "./state/resting.ts";

interface SessionProps {
  readonly guest: Guest;
  /** Undefined until the page knows where its chat is. */
  readonly url: string | undefined;
}

export function Session({ guest, url }: SessionProps): VNode {
  const services = useServices();
  const { store } = services;
  const { name, key } = guest;
  const chat = useMemo(
    () => (url === undefined ? resting : services.createChat({ url, name, key })),
    [services, url, name, key],
  );
  useEffect(() => {
    const unfollow = followRooms(chat, store);
    chat.start();
    return () => {
      unfollow();
      chat.stop();
    };
  }, [chat, store]);
  return (
    <ChatContext.Provider value={chat}>
      <Shell guest={guest} />
    </ChatContext.Provider>
  );
}
