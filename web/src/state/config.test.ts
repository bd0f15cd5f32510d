import { expect, test } from "vitest";

import { ConfigError, loadConfig } from "./config.ts";

function answer(body: string, status = 200): () => Promise<Response> {
  return () => Promise.resolve(new Response(body, { status }));
}

test("says where the chat is", async () => {
  const config = await loadConfig(answer('{"webSocketUrl": "wss://chat.example/prod"}'));

  expect(config).toEqual({ webSocketUrl: "wss://chat.example/prod" });
});

test.each([
  ["missing", answer("", 404), "HTTP 404"],
  ["out of reach", () => Promise.reject(new TypeError("Failed to fetch")), "could not be fetched"],
  ["a page", answer("<!doctype html>"), "not JSON"],
  ["empty", answer("null"), "no webSocketUrl"],
  ["without the address", answer("{}"), "no webSocketUrl"],
  ["with another address", answer('{"webSocketUrl": "https://chat.example"}'), "no webSocketUrl"],
  ["with no address", answer('{"webSocketUrl": "chat"}'), "no webSocketUrl"],
])("a configuration that is %s is said to be so", async (_, get, words) => {
  const error: unknown = await loadConfig(get).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toContain(words);
});
