/** How people look: initials, and a colour that is theirs in every room. */

/** Who is here, before the server says so. */
export interface Person {
  readonly name: string;
}

/** Colours that avatars and names can have; the style sheet defines as many. */
export const COLOURS = 10;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** One or two letters for an avatar: of the first and the last word. */
export function initials(name: string): string {
  const words = name
    .split(/[\s_.-]+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u, ""))
    .filter((word) => word !== "");
  const [first, last] = [words.at(0), words.length > 1 ? words.at(-1) : undefined];
  return [first, last].map((word) => letter(word ?? "")).join("") || letter(name) || "?";
}

/** The colour of a user, as a number below `COLOURS` that depends on the id alone. */
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
