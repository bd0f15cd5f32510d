/** The chat before the page knows where the chat is: connecting, with no room yet. */

import { ChatError, type Chat } from "../../sdk/index.ts";

function refuse(): Promise<never> {
  return Promise.reject(new ChatError("disconnected", "the page has no configuration yet"));
}

function nothing(): void {
  // There is nothing to do without a connection.
}

export const resting: Chat = {
  start: nothing,
  stop: nothing,
  resume: nothing,
  reconnectNow: nothing,
  signOut: refuse,
  connection: { state: "connecting" },
  me: undefined,
  limits: undefined,
  rooms: new Map(),
  subscribe: () => nothing,
  createRoom: refuse,
  joinRoom: refuse,
  leaveRoom: refuse,
  listRooms: refuse,
  invitations: [],
  dismissInvitation: nothing,
};
