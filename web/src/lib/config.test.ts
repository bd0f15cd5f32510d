import { expect, test } from "vitest";

import { ConfigError, loadConfig } from "./config.ts";

function answer(body: string, status = 200): () => Promise<Response> {
  return () => Promise.resolve(new Response(body, { status }));
}

test("says where the chat is", async () => {
  const config = await loadConfig(answer('{"webSocketUrl": "wss://chat.example/prod"}'));

  expect(config).toEqual({ webSocketUrl: "wss://chat.example/prod", signIn: { type: "guest" } });
});

test("says how people sign in", async () => {
  const signIn = { type: "cognito", endpoint: "https://idp.example/", clientId: "page" };
  const body = JSON.stringify({ webSocketUrl: "wss://chat.example/prod", signIn });

  expect((await loadConfig(answer(body))).signIn).toEqual(signIn);
});

test.each([
  null,
  "cognito",
  {},
  { type: "ldap" },
  { type: "cognito" },
  { type: "oidc", issuer: 7 },
])("a way to sign in that is %j is none", async (signIn) => {
  const body = JSON.stringify({ webSocketUrl: "wss://chat.example/prod", signIn });

  await expect(loadConfig(answer(body))).rejects.toThrow("how people sign in");
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
