/** A user with tokens in a room, for tests of tokens and handshakes. */

import type { Chat, Room } from "../index.ts";
import { Simulation } from "./simulation.ts";
import { FakeIssuer } from "./tokens.ts";

/** Return the chat of Alice after sign-in, and a room of another user that she has joined. */
export async function joinSignedIn(seed = 1): Promise<[Simulation, FakeIssuer, Chat, Room]> {
  const sim = new Simulation(seed);
  const issuer = new FakeIssuer(sim.clock);
  sim.server.createRoom("tea", "Tea time", "nobody");
  const chat = sim.newChatWithTokens(issuer.sourceFor("alice"));
  chat.start();
  const room = await sim.settle(chat.joinRoom("tea"));
  return [sim, issuer, chat, room];
}
