"""web/sdk/protocol/types.ts: fresh, and complete."""

from typing import get_args

import pytest

from chat import protocol
from tools.generate import typescript
from tools.generate.asyncapi import Struct

FRAMES = [
    *get_args(protocol.AnyRequest),
    *get_args(protocol.AnyReply),
    *get_args(protocol.AnyEvent),
]
TEXT = typescript.render()


def test_is_fresh() -> None:
    """The file is what `make types` would write now."""
    assert typescript.TARGET.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("frame", FRAMES)
def test_has_every_frame(frame: Struct) -> None:
    """Each frame is an interface that its tag tells from the others."""
    config = frame.__struct_config__

    assert f'  readonly {config.tag_field}: "{config.tag}";\n' in TEXT


def test_has_every_field_of_a_request() -> None:
    """What may be left out is optional, and what a field means stands above it."""
    assert (
        "export interface JoinRoom {\n"
        '  readonly action: "joinRoom";\n'
        "  /** 1 to 64 characters of A-Z a-z 0-9 _ - */\n"
        "  readonly roomId: string;\n"
        "  /** Place in the room's log: rising, not dense. */\n"
        "  readonly after?: number;\n"
    ) in TEXT


def test_words_are_told_apart() -> None:
    """A role is no reason for an error: each field takes the words that are its own."""
    assert '  readonly role: "member" | "moderator" | "owner";\n' in TEXT
    assert '  readonly reason: "banned" | "deleted" | "kicked" | "left";\n' in TEXT
    assert "  readonly code: ErrorCode;\n" in TEXT
