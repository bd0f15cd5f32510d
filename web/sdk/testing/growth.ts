/** Measures how the work of a function grows with the length of what people wrote. */

/** Characters of a text. A message has at most 4,000, and a paste can have more. */
const LENGTH = 16_000;

/** The number of shorter texts that together have the same length. */
const PIECES = 8;

/** Microseconds of processor time below which work counts as little: five ticks of the system. */
const LITTLE = 20_000;

/** The maximum of the work for a text over that for its pieces. Quadratic work has `PIECES`. */
const MAX_GROWTH = 3;

const RUNS = 3;

/** Texts that can cost a search much: each repeats a part between a beginning and an end. */
const PARTS = [
  ...characters(")]}([{<>\"'`.,!?*_~-/:&=%@#;|"),
  ...characters("aA1ü日😀，。」» \n\t\u0301\u200d\u202e\u00a0"),
  ...["a-", "a.", "a.-", "//", "()", "(a)", "((a)", "a(", "([", "[({", "'a", '"a', "a\u0301"],
  ...["\r\n", "\n ", " a", "- ", "👩‍👩‍👧‍👦", "🇩🇪", "*_~", "_*https://a.example/*_"],
  ...["http://", "https:", "https://a", "https://a.", "https://a/(", 'https://a/"', "https://a@"],
  ...["https://[", "https://[1:", "xn--a.", `https://${"xn--a.".repeat(10)}\u0301 `],
  ...[`https://${"a.".repeat(10)}- `, `https://${"ü".repeat(62)} `, "https://a.example/((((a"],
];
const BEGINNINGS = ["", "https://", "https://a.example/", "https://a.example/("];
const ENDS = ["", "x"];

/** Return the texts whose work grows faster than their length, as beginning, part and end. */
export function superlinear(run: (text: string) => unknown): string[] {
  return BEGINNINGS.flatMap((beginning) =>
    PARTS.flatMap((part) => ENDS.map((end): [string, string, string] => [beginning, part, end])),
  )
    .filter(([beginning, part, end]) => {
      const text = (length: number): string =>
        beginning + part.repeat(Math.ceil(length / part.length)) + end;
      return isSuperlinear(run, text(LENGTH), text(LENGTH / PIECES));
    })
    .map((shape) => JSON.stringify(shape));
}

function isSuperlinear(run: (text: string) => unknown, text: string, piece: string): boolean {
  const whole = (): void => {
    run(text);
  };
  const pieces = (): void => {
    for (let count = 0; count < PIECES; count++) run(piece);
  };
  if (least(whole, 1) < LITTLE) return false;
  const work = least(whole, RUNS);
  return work >= LITTLE && work > MAX_GROWTH * least(pieces, RUNS);
}

/** Return the least processor time of some runs, in microseconds. Other processes do not count. */
function least(run: () => void, runs: number): number {
  const costs = Array.from({ length: runs }, () => {
    const before = process.threadCpuUsage();
    run();
    const { user, system } = process.threadCpuUsage(before);
    return user + system;
  });
  return Math.min(...costs);
}

function characters(text: string): string[] {
  return Array.from(text);
}
