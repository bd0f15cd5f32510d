/** Finds the links in a text. */

export interface Piece {
  readonly text: string;
  /** The address of a link. Undefined for text. */
  readonly href?: string;
}

const LINK = /\bhttps?:\/\/[^\s<>"'`\\\p{Cc}\p{Cf}]+/giu;
const CLOSERS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Split a text into links and the texts between them. Joined, the pieces are the text. */
export function linkify(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const link = withoutTail(match[0]);
    const href = hrefOf(link);
    if (href === undefined) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: link, href });
    end = match.index + link.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** Return the link without punctuation that belongs to the sentence. */
function withoutTail(link: string): string {
  let end = link.length;
  for (; end > 0; end--) {
    const last = link.charAt(end - 1);
    const opener = CLOSERS[last];
    const isTail = opener
      ? !isClosed(link.slice(0, end), opener, last)
      : ".,;:!?…*_~".includes(last);
    if (!isTail) break;
  }
  return link.slice(0, end);
}

function isClosed(link: string, opener: string, closer: string): boolean {
  return link.split(opener).length >= link.split(closer).length;
}

/** Return the address if it is a valid HTTP or HTTPS address. */
function hrefOf(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
}
