"""Check the prose of the repository, or of the paths that are given: `python -m tools.prose`."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.prose import files
from tools.prose.names import check_names
from tools.prose.passages import Finding
from tools.prose.rules import check_passage
from tools.prose.vocabulary import Vocabulary, load

ROOT = Path(__file__).resolve().parents[2]


def check_file(path: str, source: str, vocabulary: Vocabulary) -> list[Finding]:
    """Return the findings of one file, by line."""
    reading = files.read(path, source)
    found = [
        *reading.findings,
        *check_names(path, reading.names, vocabulary),
        *(f for passage in reading.passages for f in check_passage(passage, vocabulary)),
    ]
    allowed = vocabulary.allowed
    kept = (f for f in found if not any(a.covers(path, f.message) for a in allowed))
    return sorted(kept, key=lambda finding: finding.line)


def check(paths: Sequence[str]) -> Iterator[str]:
    """Yield one line for each finding in the files below the paths."""
    vocabulary = load()
    for path in files.find(ROOT, paths):
        for finding in check_file(path, (ROOT / path).read_text(), vocabulary):
            yield f"{path}:{finding.line}: {finding.message}"


def main(arguments: Sequence[str]) -> int:
    """Print the findings and their number. Returns 1 if there are any."""
    given = [Path(path).resolve().relative_to(ROOT).as_posix() for path in arguments]
    count = 0
    for line in check(given):
        print(line)
        count += 1
    if count:
        print(f"{count} findings", file=sys.stderr)
    return min(count, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
