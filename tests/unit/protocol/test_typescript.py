"""web/sdk/protocol/types.ts: up to date, and complete."""

import pytest

from chat.protocol import EVENT_TYPES, REPLY_TYPES, REQUEST_TYPES
from tools.generate import typescript
from tools.generate.asyncapi import Struct

FRAMES = [*REQUEST_TYPES, *REPLY_TYPES, *EVENT_TYPES]
TEXT = typescript.render()


def test_is_fresh() -> None:
    """The file equals the output of `make types`."""
    assert typescript.TARGET.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("frame", FRAMES)
def test_has_every_frame(frame: Struct) -> None:
    """Each frame is an interface with its own tag."""
    config = frame.__struct_config__

    assert f'  readonly {config.tag_field}: "{config.tag}";\n' in TEXT


def test_has_every_field_of_a_request() -> None:
    """A field with a default is optional, and has its meaning in a comment."""
    assert (
        "export interface JoinRoom {\n"
        '  readonly action: "joinRoom";\n'
        "  /** 1 to 64 characters of A-Z a-z 0-9 _ - */\n"
        "  readonly roomId: string;\n"
        "  /** The number of a message in its room: rising, not dense. */\n"
        "  readonly after?: number;\n"
    ) in TEXT


def test_each_field_has_its_own_values() -> None:
    """A field with a few allowed values has them as its type."""
    assert '  readonly role: "member" | "moderator" | "owner";\n' in TEXT
    assert '  readonly reason: "banned" | "deleted" | "kicked" | "left";\n' in TEXT
    assert "  readonly code: ErrorCode;\n" in TEXT
