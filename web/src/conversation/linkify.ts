/** Finds the links in a text. The library linkify-it finds where a link ends. */

import { linkifyit, REBuilder } from "linkify-it";

export interface Piece {
  readonly text: string;
  /** The address of a link. Undefined for text. */
  readonly href?: string;
}

/** Where a link may begin. Chinese and Japanese need no space before it. */
const SCHEME = /(?<![\p{Script=Latin}\p{N}])https?:/giu;

/** Characters that are in no link. Format characters can hide or reverse a part of an address. */
const NEVER_IN_LINKS = /[`\\]|(?![\u200c\u200d])\p{Cf}/gu;

/** Marks around a link that stress it, in the habit of Markdown. */
const STRESS = ["*", "_", "~"];

/** The maximum number of such marks on each side. */
const MAX_STRESS = 6;

/** The rules of the library, with what real addresses need. */
class Rules extends REBuilder {
  /** Host names can have underscores. */
  override get_pseudo_letter(): RegExp {
    return (this.cache.src_pseudo_letter ??= new RegExp(
      `(?:_|(?!${this.get_text_separators().source}|${this.src_ZPCc})${this.src_Any})`,
    ));
  }

  /**
   * A label of a host.
   *
   * The library reads a label that begins with `xn--` in two ways. A host of ten such labels then
   * takes a thousand attempts. This pattern reads every label in one way.
   */
  override get_domain(): RegExp {
    const letter = this.get_pseudo_letter().source;
    return (this.cache.src_domain ??= new RegExp(
      `(?:${letter}(?:(?:-|${letter}){0,61}${letter})?)`,
    ));
  }

  /** Hyphens, apostrophes and middle dots between letters, as in titles of Wikipedia. */
  override get_path_extra(): RegExp {
    return (this.cache.src_path_extra ??= new RegExp(
      `[\\u00b7\\u2010\\u2013\\u2019\\u30fb](?=${this.get_pseudo_letter().source})|`,
    ));
  }
}

const links = linkifyit({ urlAuth: true, rebuilder: new Rules() });

/** Split a text into links and the texts between them. Joined, the pieces are the text. */
export function linkify(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const searched = text.replace(NEVER_IN_LINKS, (mark) => " ".repeat(mark.length));
  let end = 0;
  for (const { 0: scheme, index } of searched.matchAll(SCHEME)) {
    if (index < end) continue;
    const length = links.testSchemaAt(searched, scheme, index + scheme.length);
    if (length === 0) continue;
    const linkEnd = withoutStress(text, index, index + scheme.length + length);
    const link = text.slice(index, linkEnd);
    const href = hrefOf(link);
    if (href === undefined) continue;
    if (index > end) pieces.push({ text: text.slice(end, index) });
    pieces.push({ text: link, href });
    end = linkEnd;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** Return where the link ends without the marks that also stand before it, as in `**link**`. */
function withoutStress(text: string, start: number, end: number): number {
  for (let count = Math.min(MAX_STRESS, start); count > 0; count--) {
    const before = text.slice(start - count, start).split("");
    const isStress = before.every((mark) => STRESS.includes(mark));
    if (isStress && text.slice(0, end).endsWith(before.reverse().join(""))) return end - count;
  }
  return end;
}

/** Return the address if it is a valid HTTP or HTTPS address. */
function hrefOf(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
}
