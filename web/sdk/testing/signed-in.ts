/** A person with tokens, for tests of what becomes of them. */

import type { Chat, Room } from "../index.ts";
import { Issuer } from "./tokens.ts";
import { World } from "./world.ts";

/** Somebody who signs in, in a room where somebody else is. */
export async function signedIn(seed = 1): Promise<[World, Issuer, Chat, Room]> {
  const world = new World(seed);
  const issuer = new Issuer(world.clock);
  world.server.make("tea", "Tea time", "nobody");
  const chat = world.carry(issuer.for("alice"));
  chat.start();
  const room = await world.soon(chat.joinRoom("tea"));
  return [world, issuer, chat, room];
}
