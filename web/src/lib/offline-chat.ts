/** The chat while the configuration is loading: it is connecting and has no rooms. */

import { ChatError, type Chat } from "../../sdk/index.ts";

function reject(): Promise<never> {
  return Promise.reject(new ChatError("disconnected", "the page has no configuration yet"));
}

function doNothing(): void {
  // There is no connection.
}

export const offlineChat: Chat = {
  start: doNothing,
  stop: doNothing,
  resume: doNothing,
  reconnectNow: doNothing,
  signOut: reject,
  connection: { state: "connecting" },
  me: undefined,
  limits: undefined,
  rooms: new Map(),
  subscribe: () => doNothing,
  createRoom: reject,
  joinRoom: reject,
  leaveRoom: reject,
  listRooms: reject,
  invitations: [],
  dismissInvitation: doNothing,
};
