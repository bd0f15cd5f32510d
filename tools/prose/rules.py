"""Rules for sentences: words, openers, length, semicolons, imperative verbs."""

import re
from collections.abc import Iterator

from tools.prose.passages import Finding, Kind, Passage
from tools.prose.sentences import Sentence, blocks, plain, sentences
from tools.prose.vocabulary import Vocabulary

MOST_WORDS = 20
"""Words in a sentence, where a code span, a link and a URL are one word each."""

_MARKUP = "\"'`*_()[].,:;!?"


def check_passage(passage: Passage, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield the findings of every rule that applies to the passage."""
    for offset, block in blocks(passage.text):
        line = passage.line + offset
        yield from _avoided(line, block, vocabulary)
        for sentence in sentences(block):
            yield from _check_sentence(line, sentence, passage.kind, vocabulary)
    if passage.kind is Kind.FUNCTION:
        yield from _imperative(passage, vocabulary)


def _check_sentence(
    line: int, sentence: Sentence, kind: Kind, vocabulary: Vocabulary
) -> Iterator[Finding]:
    """Yield the findings of one sentence of the block that begins at the line."""
    line += sentence.line
    words = sentence.words
    is_complete = sentence.text.rstrip("\"')*_").endswith((".", "!"))
    if kind is not Kind.LABEL or is_complete:
        yield from _opener(line, sentence.text, words, vocabulary)
    if kind is Kind.MESSAGE:
        return
    if len(words) > MOST_WORDS:
        yield Finding(line, f"{len(words)} words in a sentence; at most {MOST_WORDS}")
    if plain(sentence.text).count(";") > 1:
        yield Finding(line, "more than one semicolon in a sentence; write several sentences")


def _avoided(line: int, block: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield each use of a word that the word list avoids."""
    text = plain(block)
    for match in vocabulary.avoided.finditer(text):
        word = re.sub(r"\s+", " ", match[0])
        place = line + text.count("\n", 0, match.start())
        yield Finding(place, f'"{word}": write {vocabulary.instead(word)}')


def _opener(line: int, text: str, words: list[str], vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield a finding if the sentence begins with a word that no sentence begins with."""
    first = [word.strip(_MARKUP).lower() for word in words[:2]]
    if len(words) < 3 or text.endswith("?") or text.startswith("`"):
        return
    for opener in (first[0], " ".join(first)):
        if opener in vocabulary.openers:
            yield Finding(line, f'a sentence begins with "{opener}"; name the actor or condition')


def _imperative(passage: Passage, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield a finding if the first word is no imperative verb of `verbs.txt`."""
    words = passage.text.split(maxsplit=1)
    first = words[0].strip(_MARKUP) if words else ""
    if first.lower() not in vocabulary.verbs or not first[:1].isupper():
        message = f'a function\'s docstring begins with "{first}", not with an imperative verb'
        yield Finding(passage.line, f"{message} (tools/prose/verbs.txt)")
