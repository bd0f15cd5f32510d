"""Linear work: functions that read what people wrote take time that grows with its length alone."""

import contextlib
import json
import logging
import re
import time
from collections.abc import Callable

import pytest

from chat.errors import ChatError
from chat.observability.logs import JsonFormatter
from chat.protocol.codec import decode, envelope_of
from chat.protocol.msgspec_errors import explain
from chat.protocol.text import check_name, check_text, check_user_id, name_of

LENGTH = 32_000
"""Characters of a text. A frame has at most 32 KB."""
PIECES = 8
LITTLE = 0.02
"""Seconds of processor time below which work counts as little."""
MAX_GROWTH = 3
"""The maximum of the work for a text over that for its pieces. Quadratic work has PIECES."""

PARTS = (
    *(" ", "\n", "\t", "a", "é", "日", "😀", "\u0301", "\u200d", "\u202e", "\x00", "`", "$", "\\"),
    *('"', '","', "{", "[", '{"a":', " - at `", "` - at `", "Object contains unknown field `"),
    *("Object missing required field `", "Invalid value ", " | null", "a.", "%20", "#"),
)
ENDS = ("", "x", "`", "`\n")


def _check_name(text: str) -> None:
    check_name(text, limit=LENGTH * 40)


def _check_text(text: str) -> None:
    check_text(text, limit=LENGTH * 40)


def _decode_field(text: str) -> None:
    decode(json.dumps({"action": "joinRoom", "roomId": "tea", text: text}))


def _decode_value(text: str) -> None:
    decode(json.dumps({"action": "setRole", "roomId": text, "userId": text, "role": text}))


def _explain(text: str) -> None:
    explain(text, "setRole")


def _log(text: str) -> None:
    record = logging.makeLogRecord({"msg": text, "fields": {text: text}})
    JsonFormatter().format(record)


def _name_of(text: str) -> None:
    name_of(text, limit=64)


@pytest.mark.parametrize(
    "run",
    [
        _check_name,
        _check_text,
        check_user_id,
        decode,
        _decode_field,
        _decode_value,
        envelope_of,
        _explain,
        _log,
        _name_of,
    ],
    ids=lambda run: run.__name__.strip("_"),
)
def test_work_is_linear(run: Callable[[str], object]) -> None:
    """No text takes more time than its length explains."""
    shapes = [(part, end) for part in PARTS for end in ENDS]

    assert [shape for shape in shapes if _is_superlinear(run, *shape)] == []


def test_the_measurement_finds_quadratic_work() -> None:
    """A pattern with two parts of any length is found."""
    pattern = re.compile(r"^(.*) - at `(.*)`$", re.DOTALL)

    assert _is_superlinear(pattern.match, " - at `", "x")


def _is_superlinear(run: Callable[[str], object], part: str, end: str) -> bool:
    """Return whether a text takes more work than its pieces."""
    text = part * (LENGTH // len(part)) + end
    piece = part * (LENGTH // PIECES // len(part)) + end
    if _seconds(run, [text]) < LITTLE:
        return False
    work = min(_seconds(run, [text]) for _ in range(3))
    pieces = min(_seconds(run, [piece] * PIECES) for _ in range(3))
    return work >= LITTLE and work > MAX_GROWTH * pieces


def _seconds(run: Callable[[str], object], texts: list[str]) -> float:
    """Return the processor time of this thread. Other processes do not count."""
    before = time.thread_time()
    for text in texts:
        with contextlib.suppress(ChatError):
            run(text)
    return time.thread_time() - before
