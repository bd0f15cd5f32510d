/** Texts as the server counts and accepts them. */

/** Unicode code points, which are what the limits are in. */
export function length(text: string): number {
  const pairs = text.match(/[\u{10000}-\u{10ffff}]/gu)?.length ?? 0;
  return text.length - pairs;
}

/** What can be sent of what was typed or pasted: no control characters but tabs and line breaks. */
export function sendable(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[^\P{Cc}\t\n]/gu, "")
    .toWellFormed()
    .replace(/^\n+|\s+$/g, "");
}

/** A name in one line, without what is invisible or would turn the text around it. */
export function tidyName(name: string): string {
  return name
    .replace(/[\s\p{Cc}]+/gu, " ")
    .toWellFormed()
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, "")
    .trim();
}

/** Whether a name leaves a mark on the screen: the server accepts no other. */
export function isVisible(name: string): boolean {
  return /[^\p{C}\p{M}\p{Z}\u115f\u1160\u2800\u3164\uffa0]/u.test(name);
}

/** Whether a text is nothing but a few emoji, which are then shown large. */
export function isJumbo(text: string): boolean {
  return /^(?:\p{RGI_Emoji}\s?){1,3}$/v.test(text);
}

/** "1 person", "3 people". */
export function countOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
