/** The chat of one person, from signing in to signing out. */

import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import { Shell } from "./layout.tsx";
import type { ChatOptions } from "../sdk/index.ts";
import { ChatContext, useServices } from "./context.ts";
import type { Person } from "./lib/avatar.ts";
import { followRooms } from "./rooms/sync-rooms.ts";
import { resting } from "./lib/offline-chat.ts";

interface SessionProps {
  readonly person: Person;
  /** Undefined until the page knows where its chat is; the same object while nothing of it changes. */
  readonly options: ChatOptions | undefined;
}

export function Session({ person, options }: SessionProps): VNode {
  const services = useServices();
  const { store } = services;
  const chat = useMemo(
    () => (options ? services.createChat(options) : resting),
    [services, options],
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
      <Shell guest={person} />
    </ChatContext.Provider>
  );
}
