/** A person with the SDK, for test_sdk.py: says each line of its input, prints what is shown. */

import { createInterface } from "node:readline";
import { browserPlatform } from "../../../web/sdk/platform.ts";
import { createChat } from "../../../web/sdk/index.ts";

const [url, name, roomId] = process.argv.slice(2);
const tokens = JSON.parse(process.env.CHAT_TOKENS);

const real = browserPlatform();
let ahead = 0; // milliseconds, until a token is asked for
let passed = 0; // and for good
let look = () => undefined;
let asked = 0;
let sockets = 0;
const platform = {
  clock: { ...real.clock, now: () => Date.now() + ahead + passed },
  connectivity: { ...real.connectivity, onChange: (callback) => ((look = callback), () => undefined) },
  socket: (...of) => ((sockets += 1), real.socket(...of)),
};

async function token() {
  ahead = 0;
  asked += 1;
  return tokens[Math.min(asked, tokens.length) - 1] ?? undefined;
}

const who = tokens.length ? { token } : { name, key: `key-of-${name}`.padEnd(16, "-") };
const chat = createChat({ url, ...who, platform });

function tell() {
  const room = chat.rooms.get(roomId);
  const shown = {
    state: chat.connection.state,
    reason: chat.connection.reason ?? null,
    status: room?.status ?? null,
    texts: room?.messages.map(({ text }) => text) ?? [],
    outgoing: room?.outgoing.length ?? 0,
    hasDiscontinuity: room?.hasDiscontinuity ?? false,
    members: room?.members.map((member) => member.name).sort() ?? [],
    asked,
    sockets,
  };
  process.stdout.write(`${JSON.stringify(shown)}\n`);
}

chat.subscribe(tell);
chat.start();
const room = await chat.createRoom({ roomId }).catch(() => chat.joinRoom(roomId));
for await (const line of createInterface({ input: process.stdin })) {
  const [, command, milliseconds] = /^\/(later|pass) (\d+)$/.exec(line) ?? [];
  if (command) {
    if (command === "later") ahead = Number(milliseconds);
    else passed += Number(milliseconds);
    look();
  } else {
    room.send(line);
  }
}
chat.stop();
