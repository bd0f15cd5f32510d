"""docs/protocol.md: the tables have every field, with its type, its limit and its default."""

import re
from collections.abc import Sequence

import pytest

from chat import protocol
from chat.protocol import EVENT_TYPES, REPLIES, REPLY_TYPES, REQUEST_TYPES, Limits
from tests.support.protocol.document import PAGE, load
from tests.support.protocol.fields import default_settings, fields_of, rows
from tools.generate.asyncapi import Struct

SECTIONS = load()
FRAMES = [*REQUEST_TYPES, *REPLY_TYPES, *EVENT_TYPES]
PARTS = [protocol.Room, protocol.Member, protocol.Message, protocol.ListedRoom]


def name_of(struct: Struct) -> str:
    """Return what the page calls a frame or a part of frames."""
    return str(struct.__struct_config__.tag or struct.__name__)


def table(first_cell: str) -> Sequence[Sequence[str]]:
    """Return the rows of the one table with this first cell."""
    found = [body for section in SECTIONS if (body := section.rows(first_cell)) is not None]
    assert len(found) == 1, f"{len(found)} tables begin with {first_cell}"
    return found[0]


@pytest.mark.parametrize("struct", [*FRAMES, *PARTS], ids=name_of)
def test_has_every_field(struct: Struct) -> None:
    """A struct's table has its fields in their order; each has a meaning."""
    name = name_of(struct)
    expected = rows(struct, of=name, besides=["requestId"])
    if not expected:
        assert f"`{name}` has no fields of its own." in PAGE.read_text(encoding="utf-8")
        return

    found = table(f"`{name}` field")

    assert [row[:4] for row in found] == expected
    assert all(row[4] for row in found)


@pytest.mark.parametrize(
    ("kind", "struct", "tag"),
    [("request", protocol.Request, "action"), ("reply", protocol.Reply, "type")],
)
def test_has_the_fields_of_every_frame(kind: str, struct: Struct, tag: str) -> None:
    """The fields of all requests, and of all replies, have one table each."""
    tagged, *found = table(f"{kind} field")

    assert tagged[0] == f"`{tag}`"
    assert [row[:4] for row in found] == rows(struct, of=kind)


def test_has_every_limit_with_its_default() -> None:
    """The table of limits has the defaults of the settings that it names."""
    defaults = default_settings()

    found = next(section for section in SECTIONS if section.title == "Limits").rows("field") or ()

    assert [row[0] for row in found] == [f"`{field.encode_name}`" for field in fields_of(Limits)]
    for _, default, setting, _ in found:
        value = defaults[setting.strip("`")] if setting != "fixed" else protocol.ID_LENGTH
        assert default == f"{value:,}"


def test_the_table_of_messages_has_every_field() -> None:
    """Each request's row has its fields, its reply, and the fields of the reply."""
    found = {cells[0]: cells[1:3] for cells in table("request")}

    for request, reply in REPLIES.items():
        name = name_of(request)
        fields, answer = found[f"[`{name}`](#{name.lower()})"]
        assert fields.replace(" or ", ", ") == listed(request)
        assert answer == f"`{name_of(reply)}`: {listed(reply)}".removesuffix(": ")


def test_links_lead_to_headings() -> None:
    """Each link within the page leads to a heading, as GitHub names them."""
    page = PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", h).strip().lower().replace(" ", "-") for h in headings}

    assert {link for link in re.findall(r"\]\(#([^)]+)\)", page) if link not in anchors} == set()


def listed(struct: Struct) -> str:
    """Return the names of a frame's own fields; a question mark means an optional one."""
    return ", ".join(
        f"{field.encode_name}{'' if field.required else '?'}"
        for field in fields_of(struct)
        if field.encode_name != "requestId"
    )
