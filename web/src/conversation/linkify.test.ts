import { expect, test } from "vitest";

import { linkify } from "./linkify.ts";

/** Return the links of a text, as they are shown. */
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
])("%s has one link", (text, link) => {
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
])("%s has no link", (text) => {
  expect(links(text)).toEqual([]);
});

test("a link ends before a direction mark", () => {
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

test("links have only HTTP and HTTPS addresses", () => {
  for (const { href } of linkify("https://a.example/%00 http://user:pw@b.example:99/")) {
    if (href !== undefined) expect(href).toMatch(/^https?:\/\//);
  }
});

test("a long text without a link takes less than 500 ms", () => {
  const text = "https://".repeat(500) + ")".repeat(4_000);
  const before = performance.now();

  linkify(text);

  expect(performance.now() - before).toBeLessThan(500);
});
