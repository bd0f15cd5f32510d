/** Avatars: the initials of a name, and a colour that a user has in every room. */

/** The number of colours of avatars and names. The style sheet defines the same number. */
export const COLOURS = 10;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Return one or two letters: the first of the first word, and the first of the last word. */
export function initials(name: string): string {
  const words = name
    .split(/[\s_.-]+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u, ""))
    .filter((word) => word !== "");
  const [first, last] = [words.at(0), words.length > 1 ? words.at(-1) : undefined];
  return [first, last].map((word) => letter(word ?? "")).join("") || letter(name) || "?";
}

/** Return the colour of a user: a number below `COLOURS` that depends only on the id. */
export function colourOf(userId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < userId.length; index++) {
    hash = Math.imul(hash ^ userId.charCodeAt(index), 0x01000193) >>> 0;
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % COLOURS;
}

function letter(word: string): string {
  const [first] = segmenter.segment(word);
  return first?.segment.toLocaleUpperCase() ?? "";
}
