"""docs/protocol.md: every example is what the chat says, and every message has its examples."""

from typing import get_args

import pytest

from chat.errors import Code
from chat.protocol import EVENT_TYPES, REPLIES, REQUEST_TYPES, Request
from tests.support.protocol.conversation import Conversation
from tests.support.protocol.document import Section, load
from tests.support.protocol.examples import Player
from tools.generate.asyncapi import Struct

SECTIONS = load()
BY_TITLE = {section.title: section for section in SECTIONS}
WITH_EXAMPLES = [section for section in SECTIONS if section.examples]
ALWAYS = {"bad_request", "unauthorized", "rate_limited", "internal"}
"""Codes that every request may get, which the sections do not repeat."""


def title(value: Section | Struct) -> str:
    """Return the title of a section, or of the section that a struct should have."""
    return value.title if isinstance(value, Section) else str(value.__struct_config__.tag)


@pytest.mark.parametrize("section", WITH_EXAMPLES, ids=title)
def test_examples_are_true(section: Section) -> None:
    """The chat on fakes sends each reply and each event exactly as the page has it."""
    Player(Conversation()).play(section)


@pytest.mark.parametrize("request_", REQUEST_TYPES, ids=title)
def test_every_request_has_its_examples(request_: type[Request]) -> None:
    """A request's section says who may send it, and shows it with its reply."""
    section = BY_TITLE[title(request_)]
    reply = REPLIES[request_].__struct_config__.tag

    for part in ("**Allowed for:**", "**Events:**", "**Errors:**"):
        assert part in section.text
    assert f'"action": "{section.title}"' in texts(section, "json request")
    assert f'"type": "{reply}"' in texts(section, "json reply")


@pytest.mark.parametrize("event", EVENT_TYPES, ids=title)
def test_every_event_has_its_example(event: Struct) -> None:
    """An event's section says who receives it, and shows it."""
    section = BY_TITLE[title(event)]

    assert "**Sent to:**" in section.text
    assert f'"type": "{section.title}"' in texts(section, "json event")


@pytest.mark.parametrize("request_", REQUEST_TYPES, ids=title)
def test_events_and_errors_are_named(request_: Struct) -> None:
    """Events and errors that a section's examples cause are among those that it names."""
    section = BY_TITLE[title(request_)]
    player = Player(Conversation())

    player.play(section)

    assert {e for e in player.events if f"(#{e.lower()})" not in section.text} == set()
    named = {code.strip("`") for code, _ in section.rows("code") or ()}
    assert named <= {*get_args(Code)}
    assert player.codes <= named | ALWAYS


def test_every_error_has_an_example() -> None:
    """Each code of an error is in the reply of an example somewhere."""
    replies = "".join(texts(section, "json reply") for section in SECTIONS)

    assert [code for code in get_args(Code) if f'"code": "{code}"' not in replies] == []


def texts(section: Section, kind: str) -> str:
    """Return the blocks of a kind in a section, one after the other."""
    return "\n".join(example.text for example in section.examples if example.kind == kind)
