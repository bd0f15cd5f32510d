"""`make conformance` names the rules that a chat breaks, and no others."""

import re
from http import HTTPStatus
from typing import get_args

import pytest

from chat.errors import Code
from chat.protocol import REPLY_TYPES, REQUEST_TYPES
from tests.integration.ops.altering_proxy import Change, Frame, altering
from tests.integration.ops.broken_servers import reply, serving
from tests.support.conformance import conform, lines
from tests.support.emulator import Stack
from tools.common import ROOT

UNPROVOKED = {"internal", "not_reviewed"}
"""Errors that no client can cause."""

UNASKED = {"signedOut"}
"""Replies to requests that would revoke the tokens of the run."""


@pytest.mark.parametrize(
    "word",
    [
        *(str(it.__struct_config__.tag) for it in REQUEST_TYPES),
        *(t for it in REPLY_TYPES if (t := str(it.__struct_config__.tag)) not in UNASKED),
        *(code for code in get_args(Code) if code not in UNPROVOKED),
    ],
)
def test_every_word_of_the_protocol_is_in_a_rule(word: str) -> None:
    """Each action, reply and error of the protocol is in some rule."""
    suite = (ROOT / "tests" / "conformance").glob("*.py")

    assert any(f'"{word}"' in path.read_text() for path in suite)


def test_a_chat_of_guests(stack: Stack) -> None:
    """The chat keeps all the rules that apply to it."""
    status, printed, complaints = conform(URL=stack.web_socket_url)

    assert (status, complaints, lines(printed, "broken")) == (0, "", [])
    assert len(lines(printed, "kept")) > 90


def test_a_chat_of_signed_in_users(signed_in_stack: Stack) -> None:
    """The chat keeps all the rules that apply to it."""
    assert signed_in_stack.sign_in
    tokens = {"TOKEN": signed_in_stack.sign_in("alice"), "TOKEN2": signed_in_stack.sign_in("bob")}

    status, printed, complaints = conform(URL=signed_in_stack.web_socket_url, **tokens)

    assert (status, complaints, lines(printed, "broken")) == (0, "", [])
    assert len(lines(printed, "kept")) > 80
    assert "offers its token as a subprotocol" in printed
    assert re.search(r": \d+ kept, 0 broken, \d+ not asked\n$", printed)


def test_a_server_that_only_pongs_keeps_no_rule() -> None:
    """A server that answers `pong` to every request keeps no rule."""
    with serving(lambda request: reply(request, "pong", serverTime="now")) as url:
        status, printed, complaints = conform(URL=url, TIMEOUT_SECONDS="1")

    kept = lines(printed, "kept")
    assert (status, complaints) == (1, "")
    assert kept == ["`ping` is answered by `pong`."]
    assert len(lines(printed, "broken")) > 80


def forgets_ids(frame: Frame) -> Frame:
    """Remove the id that makes a repetition the same message."""
    return {name: value for name, value in frame.items() if name != "clientMessageId"}


def tells_of_private_rooms(frame: Frame) -> Frame:
    """Answer `forbidden` for a private room, which reveals that it exists."""
    hidden = frame.get("code") == "room_not_found" and frame.get("action") == "getHistory"
    return {**frame, "code": "forbidden"} if hidden else frame


def reverses(frame: Frame) -> Frame:
    """Reverse the order of messages."""
    if frame.get("type") != "history":
        return frame
    return {**frame, "messages": frame["messages"][::-1]}


def keeps_silent(frame: Frame) -> Frame | None:
    """Drop the leave events."""
    return None if frame.get("type") == "memberLeft" else frame


def names_no_field(frame: Frame) -> Frame:
    """Name no field in an error."""
    return {**frame, "message": "wrong"} if frame.get("code") == "bad_request" else frame


def counts_in_words(frame: Frame) -> Frame:
    """Give a field another type than the schema does."""
    return {**frame, "memberCount": "two"} if "memberCount" in frame else frame


@pytest.mark.parametrize(
    ("up", "down", "module", "broken"),
    [
        (forgets_ids, None, "messages", "a_repetition_is_one_message"),
        (None, tells_of_private_rooms, "private_rooms", "a_private_room_is_not_found_by_others"),
        (None, reverses, "messages", "seqs_rise"),
        (None, keeps_silent, "rooms", "joins_and_leaves_are_events"),
        (None, names_no_field, "frames", "the_error_of_a_bad_frame_names_its_field[extra field]"),
        (None, counts_in_words, "rooms", "joining_twice"),
    ],
)
def test_names_the_broken_rule(
    stack: Stack, up: Change | None, down: Change | None, module: str, broken: str
) -> None:
    """The report names the broken rule, and others are kept."""
    changes = {name: it for name, it in (("up", up), ("down", down)) if it}
    with altering(stack.web_socket_url, **changes) as url:
        file = f"tests/conformance/test_{module}.py"
        status, printed, _ = conform("-k", f"test_{module}", URL=url, TIMEOUT_SECONDS="3")

    assert status == 1
    assert f"{file}::test_{broken}\n" in printed
    assert lines(printed, "kept")


def test_needs_two_tokens() -> None:
    """With one token the command ends, because the rules need two users."""
    ended = conform(URL="ws://127.0.0.1:1", TOKEN="t")

    assert ended == (2, "", "TOKEN2 is missing: where people sign in, the rules need two of them\n")


def test_a_chat_that_refuses_handshakes() -> None:
    """The command prints one line and checks no rule."""
    with serving(lambda _: None, status=HTTPStatus.FORBIDDEN) as url:
        ended = conform(URL=url)

    assert ended == (
        2,
        "",
        f"{url}: no connection: server rejected WebSocket connection: HTTP 403\n",
    )
