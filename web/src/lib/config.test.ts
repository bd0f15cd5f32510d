import { expect, test } from "vitest";

import { ConfigError, loadConfig } from "./config.ts";

function answer(body: string, status = 200): () => Promise<Response> {
  return () => Promise.resolve(new Response(body, { status }));
}

test("returns the address of the chat", async () => {
  const config = await loadConfig(answer('{"webSocketUrl": "wss://chat.example/prod"}'));

  expect(config).toEqual({ webSocketUrl: "wss://chat.example/prod", signIn: { type: "guest" } });
});

test("returns how users sign in", async () => {
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
])("the sign-in %j is invalid", async (signIn) => {
  const body = JSON.stringify({ webSocketUrl: "wss://chat.example/prod", signIn });

  await expect(loadConfig(answer(body))).rejects.toThrow("no valid signIn");
});

test.each([
  ["missing", answer("", 404), "HTTP 404"],
  ["unreachable", () => Promise.reject(new TypeError("Failed to fetch")), "could not be fetched"],
  ["an HTML page", answer("<!doctype html>"), "not JSON"],
  ["empty", answer("null"), "no webSocketUrl"],
  ["without the address", answer("{}"), "no webSocketUrl"],
  ["with another address", answer('{"webSocketUrl": "https://chat.example"}'), "no webSocketUrl"],
  ["with an address that is no URL", answer('{"webSocketUrl": "chat"}'), "no webSocketUrl"],
])("a configuration that is %s is reported", async (_, get, words) => {
  const error: unknown = await loadConfig(get).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toContain(words);
});
