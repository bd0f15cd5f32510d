"""Every list in a reply fits into a message of API Gateway, whatever the fields contain."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chat.dispatch import dispatch
from chat.domain.clock import wire
from chat.domain.connection import Connection
from chat.domain.membership import Membership
from chat.protocol import REPLY_TYPES, Invite, Member, SendMessage
from tests.support.harness import LIMITS, Chat, Frame, event

GATEWAY_BYTES = 128 * 1024
ENVELOPE_BYTES = 6_000
"""More than a reply has around its lists: a room with the longest fields, and 100 seqs."""

CRAB = "\U0001f980"
PEOPLE = 150
TEA = {"roomId": "tea"}

LISTS: Mapping[str, tuple[Frame, str, Callable[[Any], str]]] = {
    "roles": ({"action": "listRoles", **TEA}, "members", lambda it: it["userId"]),
    "bans": ({"action": "listRoles", **TEA, "banned": True}, "members", lambda it: it["userId"]),
    "mine": ({"action": "listRooms"}, "rooms", lambda it: it["room"]["roomId"]),
    "public": (
        {"action": "listRooms", "which": "public"},
        "rooms",
        lambda it: it["room"]["roomId"],
    ),
    "invites": ({"action": "listInvites", **TEA}, "invites", lambda it: it["inviteId"]),
}
"""Lists with cursors: the request, the field of the reply, and what identifies an entry."""

FRAMES: Mapping[str, Frame] = {
    "rooms": {"action": "listRooms", "which": "public"},
    "roles": {"action": "listRoles", **TEA},
    "members": {"action": "listMembers", **TEA},
    "history": {"action": "getHistory", **TEA},
    "invites": {"action": "listInvites", **TEA},
    "roomJoined": {"action": "joinRoom", **TEA},
    "roomCreated": {"action": "createRoom"},
}
"""A request for each reply that has a list."""


def user_id(n: int, character: str) -> str:
    """Return a user id of 256 bytes. Ids from before control characters were refused have them."""
    fill = character * (250 // len(character.encode()))
    return f"{n:03}{fill}"


def crowded(*, character: str, name: str, text: str, history_bytes: int) -> Chat:
    """Return a chat in which all fields are long, with 150 users, rooms, roles and bans."""
    limits = replace(
        LIMITS,
        text_length=30_000,
        name_length=256,
        history_bytes=history_bytes,
        rooms_per_user=1_000,
        rooms_per_connection=500,
    )
    chat = Chat(limits=limits)
    chat.says("owner", {"action": "createRoom", **TEA, "name": name})
    stores, owner = chat.stores, chat.stores.connections.get("owner")
    actor = stores.memberships.of("tea", owner.member.user_id)
    for n in range(PEOPLE):
        member = Member(user_id=user_id(n, character), name=name)
        connection = Connection(f"c{n}", member, chat.clock.now())
        stores.handshakes.open(connection)
        visitor = Membership("tea", member.user_id)
        stores.room_transactions.join("tea", connection=connection, membership=visitor)
        moderator = Membership("tea", member.user_id, name=name, role="moderator")
        stores.memberships.change(visitor, moderator, by=actor)
        outsider = Membership("tea", f"{member.user_id}b")
        banned = Membership("tea", outsider.user_id, name=name, banned=True)
        stores.memberships.change(outsider, banned, by=actor)
        stores.messages.append(SendMessage(room_id="tea", text=text), sender=member)
        secret = hashlib.sha256(str(n).encode()).hexdigest()
        end = wire(chat.clock.now() + timedelta(days=7))
        invite = Invite(invite_id=secret, created_by=member.user_id, expires_at=end, uses=1)
        stores.invites.create("tea", invite, by=stores.memberships.of("tea", member.user_id))
        stores.room_transactions.create_room(f"room-{n:03}".ljust(64, "-"), name, creator=owner)
    return chat


def size_of_reply(chat: Chat, who: str, frame: Frame) -> int:
    body = dispatch(event("MESSAGE", who, body=msgspec.json.encode(frame).decode()), chat.services)
    reply = msgspec.json.decode(body["body"])
    assert reply["type"] != "error", reply
    return len(body["body"].encode())


def test_every_reply_with_a_list_is_tried() -> None:
    """A new reply with a list needs a request here."""
    with_lists = {
        str(reply.__struct_config__.tag)
        for reply in REPLY_TYPES
        if any("tuple" in str(field.type) for field in msgspec.structs.fields(reply))
    }

    assert with_lists == FRAMES.keys()


@settings(deadline=None, max_examples=10)
@given(
    character=st.sampled_from(["\x00", '"', "x", CRAB]),
    name=st.sampled_from(["n", '"' * 256, CRAB * 256]),
    text=st.sampled_from(["t", "\n" * 29_000 + "x", CRAB * 4_000, CRAB * 30_000]),
    history_bytes=st.sampled_from([1_000, 100_000, 120_000]),
)
def test_every_reply_fits(character: str, name: str, text: str, history_bytes: int) -> None:
    """No reply exceeds the limit of API Gateway, nor its lists `historyBytes`.

    A single entry may exceed `historyBytes`, so that paging continues.
    """
    chat = crowded(character=character, name=name, text=text, history_bytes=history_bytes)
    largest_entry = 4 * len(text) + 4 * len(name) + 4_000

    for frame in FRAMES.values():
        size = size_of_reply(chat, "owner", frame)
        assert size <= GATEWAY_BYTES
        assert size <= max(history_bytes, largest_entry) + ENVELOPE_BYTES


@pytest.mark.parametrize("what", LISTS)
def test_the_cursor_continues_after_the_last_shown_entry(what: str) -> None:
    """The pages of a list have each entry once, although a page is cut by its bytes."""
    chat = crowded(character="\x00", name=CRAB * 64, text="t", history_bytes=20_000)
    frame, field, id_of = LISTS[what]
    found, pages, reply = list[str](), 0, chat.says("owner", frame)
    while reply:
        found += map(id_of, reply[field])
        pages += 1
        has_more = "cursor" in reply
        reply = chat.says("owner", {**frame, "cursor": reply["cursor"]}) if has_more else {}

    assert len(found) == len(set(found)) == PEOPLE + (what not in ("bans", "invites"))
    assert found == sorted(found)
    assert pages > PEOPLE // (50 if what == "invites" else 100) + 1
