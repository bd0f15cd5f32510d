"""Muted users: no action of theirs reaches the others."""

import pytest

from tests.security.all_actions import ACTIONS, WITHOUT_ROOM, frames
from tests.security.attacked_chat import MakeChat
from tests.security.attacked_rooms import TEA, AttackedRooms
from tests.security.concurrent_requests import room_items
from tests.support.harness import Frame

PRESENCE = frozenset({"joinRoom", "leaveRoom"})
"""The actions of a muted user that others see: they are in the room, or are not."""

ELSEWHERE = frozenset({"createRoom", *WITHOUT_ROOM})
"""The actions that do not concern the room of the mute."""

READS = frozenset({"getHistory", "listMembers", "listRoles", "listInvites"})


@pytest.mark.parametrize("action", sorted({*ACTIONS} - PRESENCE - ELSEWHERE))
@pytest.mark.parametrize("who", ["visitor", "member", "moderator"])
def test_muted_users_act_in_no_form(rooms: AttackedRooms, action: str, who: str) -> None:
    """Every action, with each of its fields, changes nothing and pushes nothing."""
    chat = rooms.chat
    with chat.undone():
        chat.does("owner", "muteMember", **TEA, userId=f"u-{who}", seconds=600)
        for shortest in frames(action):
            for frame in versions(rooms, who, shortest):
                with chat.nothing_happens():
                    reply = chat.says(who, frame)
                if action not in READS:
                    assert reply["type"] == "error", reply


def versions(rooms: AttackedRooms, who: str, frame: Frame) -> list[Frame]:
    """Return a frame about other users, and about own and other messages."""
    if "seq" in frame:
        seqs = rooms.seqs["tea"]
        return [{**frame, "seq": seqs[whose]} for whose in (who, "owner", "kicked")]
    if "userId" in frame:
        return [{**frame, "userId": f"u-{user}"} for user in ("visitor", "stranger", "banned")]
    return [frame]


def test_a_muted_user_keeps_the_name_that_the_room_knows(make_chat: MakeChat) -> None:
    """A new name on a new connection is not pushed and not listed, until the mute ends."""
    chat = make_chat()
    chat.does("alice", "createRoom", **TEA)
    chat.does("eve", "joinRoom", **TEA)
    chat.does("alice", "muteMember", **TEA, userId="u-eve", seconds=60)
    chat.does("eve", "leaveRoom", **TEA)
    token = chat.secret(chat.issuer.token(sub="u-eve", name="BUY CHEAP TEA"))

    chat.replies["eve.new"] = []
    assert chat.handshake("eve.new", {"Authorization": f"Bearer {token}"}) == 200
    chat.does("eve.new", "joinRoom", **TEA)

    assert chat.heard("alice")[-1]["member"]["name"] == "eve"
    assert "CHEAP" not in str(chat.heard("alice"))
    assert "CHEAP" not in str(chat.does("alice", "listMembers", **TEA))
    assert "CHEAP" not in str(room_items(chat, "tea"))

    chat.clock.advance(seconds=61)
    chat.does("eve.new", "leaveRoom", **TEA)
    chat.does("eve.new", "joinRoom", **TEA)
    assert chat.heard("alice")[-1]["member"]["name"] == "BUY CHEAP TEA"


def test_a_promotion_to_owner_ends_a_mute(rooms: AttackedRooms) -> None:
    """An owner cannot be unmuted by others, so an owner is never muted."""
    chat = rooms.chat
    with chat.undone():
        chat.does("owner", "muteMember", **TEA, userId="u-moderator", seconds=600)

        chat.does("owner", "setRole", **TEA, userId="u-moderator", role="owner")

        chat.does("moderator", "sendMessage", **TEA, text="hi")
        chat.does("moderator", "updateRoom", **TEA, name="Mine")
