/** Rules for texts and names, as the server checks them. */

/** Return the number of Unicode code points, the unit of all limits. */
export function length(text: string): number {
  const pairs = text.match(/[\u{10000}-\u{10ffff}]/gu)?.length ?? 0;
  return text.length - pairs;
}

/** Return the text without control characters other than tabs and line breaks. */
export function sendable(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[^\P{Cc}\t\n]/gu, "")
    .toWellFormed()
    .replace(/^\n+/, "")
    .trimEnd();
}

/** Return the name on one line, without invisible characters and direction marks. */
export function tidyName(name: string): string {
  return name
    .replace(/[\s\p{Cc}]+/gu, " ")
    .toWellFormed()
    .replace(/(?![\u200c\u200d])\p{Cf}/gu, "")
    .trim();
}

/** Return whether a text consists of one to three emoji, which are shown large. */
export function isJumbo(text: string): boolean {
  return /^(?:\p{RGI_Emoji}\s?){1,3}$/v.test(text);
}

/** Return the number of lines of a text, if each line has room for *width* characters. */
export function linesIn(text: string, width: number): number {
  return text
    .split("\n")
    .reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length / width)), 0);
}

/** Return a count with its noun, such as "1 person" or "3 people". */
export function countOf(count: number, one: string, many: string): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
