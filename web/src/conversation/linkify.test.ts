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
  ["“https://a.example/”?", "https://a.example/"],
  ["«https://a.example/a»", "https://a.example/a"],
  ["'https://a.example/b'", "https://a.example/b"],
  ["`https://a.example/b`", "https://a.example/b"],
  ["[text](https://a.example/b)", "https://a.example/b"],
  ["https://a.example/b…", "https://a.example/b"],
  ["https://a.example/b...", "https://a.example/b"],
  ["https://a.example/b – so", "https://a.example/b"],
  ["详见https://a.example/a，谢谢。", "https://a.example/a"],
  ["「https://a.example/docs」を参照", "https://a.example/docs"],
  ["（http://a.example/src）已更新！", "http://a.example/src"],
  ["https://a.example，快看", "https://a.example"],
  ["https://ar.example/مقال،", "https://ar.example/مقال"],
  ["https://a.example/ü/日本", "https://a.example/ü/日本"],
  ["https://ja.example/レオナルド・ダ・ヴィンチ", "https://ja.example/レオナルド・ダ・ヴィンチ"],
  ["https://en.example/Lotka–Volterra", "https://en.example/Lotka–Volterra"],
  ["https://fa.example/می\u200cخواهم", "https://fa.example/می\u200cخواهم"],
  ["https://a.example/someone_", "https://a.example/someone_"],
  ["https://a.example/#/room/tea_?invite=ab-_", "https://a.example/#/room/tea_?invite=ab-_"],
  ["*https://a.example/b*", "https://a.example/b"],
  ["**_https://a.example/b_**", "https://a.example/b"],
  ["_https://a.example/b", "https://a.example/b"],
  ["https://a.example/?u=https://b.example/c", "https://a.example/?u=https://b.example/c"],
  ["https://a_b.example/x", "https://a_b.example/x"],
  ["https://münchen.example/straße", "https://münchen.example/straße"],
  ["https://例え.テスト/パス", "https://例え.テスト/パス"],
  ["https://xn--e1afmkfd.xn--p1ai/x", "https://xn--e1afmkfd.xn--p1ai/x"],
  ["http://localhost:8080/#/room/tea", "http://localhost:8080/#/room/tea"],
  ["http://[::1]:8080/x", "http://[::1]:8080/x"],
  ["http://user:pw@b.example:99/", "http://user:pw@b.example:99/"],
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
  "éhttps://a.example",
  "1https://a.example",
  "//a.example mailto:a@b.example a@b.example",
  "https://a.example:99999/",
])("%s has no link", (text) => {
  expect(links(text)).toEqual([]);
});

test.each(["\u202e", "\u2066", "\u200b", "\u00ad", "\\"])(
  "a link ends before %j, which can hide or reverse its end",
  (mark) => {
    expect(links(`https://a.example/${mark}gpj.exe`)).toEqual(["https://a.example/"]);
  },
);

test.each([
  "",
  "no link",
  "https://a.example https://b.example",
  "*https://a.example* **https://b.example",
  "\u{e0001}https://a.example/\u{e0001}b",
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
