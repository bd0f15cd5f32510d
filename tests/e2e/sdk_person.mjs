/** A person with the SDK, for test_sdk.py: says each line of its input, prints what is shown. */

import { createInterface } from "node:readline";
import { createChat } from "../../web/sdk/index.ts";

const [url, name, roomId] = process.argv.slice(2);
const token = process.env.CHAT_TOKEN;
const chat = createChat(
  token ? { url, token: async () => token } : { url, name, key: `key-of-${name}`.padEnd(16, "-") },
);

function tell() {
  const room = chat.rooms.get(roomId);
  const shown = {
    state: chat.connection.state,
    status: room?.status ?? null,
    texts: room?.messages.map(({ text }) => text) ?? [],
    outgoing: room?.outgoing.length ?? 0,
    mayMiss: room?.mayMiss ?? false,
    members: room?.members.map((member) => member.name).sort() ?? [],
  };
  process.stdout.write(`${JSON.stringify(shown)}\n`);
}

chat.subscribe(tell);
chat.start();
const room = await chat.createRoom({ roomId }).catch(() => chat.joinRoom(roomId));
for await (const line of createInterface({ input: process.stdin })) room.send(line);
chat.stop();
