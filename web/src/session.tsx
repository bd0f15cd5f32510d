/** The chat of one user, from sign-in to sign-out. */

import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";

import type { ChatOptions } from "../sdk/index.ts";
import { ChatContext, useServices, type User } from "./context.ts";
import { Layout } from "./layout.tsx";
import { offlineChat } from "./lib/offline-chat.ts";
import { syncRooms } from "./rooms/sync-rooms.ts";

interface SessionProps {
  readonly user: User;
  /** Undefined while the configuration is loading. The same object while nothing in it changes. */
  readonly options: ChatOptions | undefined;
}

export function Session({ user, options }: SessionProps): VNode {
  const services = useServices();
  const { store } = services;
  const chat = useMemo(
    () => (options ? services.createChat(options) : offlineChat),
    [services, options],
  );
  useEffect(() => {
    const stopSync = syncRooms(chat, store);
    chat.start();
    return () => {
      stopSync();
      chat.stop();
    };
  }, [chat, store]);
  return (
    <ChatContext.Provider value={chat}>
      <Layout user={user} />
    </ChatContext.Provider>
  );
}
