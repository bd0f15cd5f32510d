import { expect, test } from "vitest";

import { linkify } from "./linkify.ts";

/** The links of a text, as they are shown. */
function links(text: string): string[] {
  return linkify(text).flatMap((piece) => (piece.href === undefined ? [] : [piece.text]));
}

test.each([
  ["see https://a.example/b?c=d#e now", "https://a.example/b?c=d#e"],
  ["http://a.example", "http://a.example"],
  ["HTTPS://A.example/X", "HTTPS://A.example/X"],
  ["end of https://a.example/b.", "https://a.example/b"],
  ["(https://a.example/b)", "https://a.example/b"],
  ["https://en.example/Tea_(drink)", "https://en.example/Tea_(drink)"],
  ["(https://en.example/Tea_(drink)), really", "https://en.example/Tea_(drink)"],
  ["“https://a.example/”?", "https://a.example/”"],
  ["https://a.example/ü/日本", "https://a.example/ü/日本"],
  ["<https://a.example/b>", "https://a.example/b"],
])("%s holds one link", (text, link) => {
  expect(links(text)).toEqual([link]);
});

test.each([
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x https:/one.slash",
  "ftp://a.example/",
  "xhttps://a.example",
  "https://",
  "a.example",
])("%s holds none", (text) => {
  expect(links(text)).toEqual([]);
});

test("a link ends where the text begins to turn around", () => {
  expect(links("https://a.example/\u202egpj.exe")).toEqual(["https://a.example/"]);
});

test.each([
  "",
  "no link",
  "https://a.example https://b.example",
  'a "https://a.example/\'onload=x" b\n\thttps://b.example.',
  "<script>alert('https://a.example')</script>",
])("the pieces of %j are the text", (text) => {
  expect(
    linkify(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test("leads only to the web", () => {
  for (const { href } of linkify("https://a.example/%00 http://user:pw@b.example:99/")) {
    if (href !== undefined) expect(href).toMatch(/^https?:\/\//);
  }
});

test("a long text without a link takes no long time", () => {
  const text = "https://".repeat(500) + ")".repeat(4_000);
  const before = performance.now();

  linkify(text);

  expect(performance.now() - before).toBeLessThan(500);
});
