"""Attacks on presence: a few users with many connections."""

from msgspec.structs import replace

from tests.security.attacked_chat import AttackedChat, MakeChat
from tests.security.attacked_rooms import TEA


def assert_bob_is_announced(chat: AttackedChat, *, members: int) -> None:
    """Assert that Bob gets all members, and that the owner sees Bob join and leave."""
    heard = len(chat.heard("owner"))

    joined = chat.does("bob", "joinRoom", **TEA)
    chat.hangs_up("bob")

    assert (joined["memberCount"], len(joined["members"])) == (members, members)
    events = [event["type"] for event in chat.heard("owner")[heard:]]
    assert events == ["memberJoined", "memberLeft"]


def test_ten_users_do_not_switch_presence_off(make_chat: MakeChat) -> None:
    """Ten users with twenty connections each do not hide joins and leaves from a room.

    With 211 connections it is above the limit of 200, but it has 12 users.
    """
    chat = make_chat()
    chat.does("owner", "createRoom", **TEA)
    for n in range(10):
        for device in range(20):
            chat.does(f"eve{n}.{device}", "joinRoom", **TEA)

    assert_bob_is_announced(chat, members=12)


def test_surplus_connections_do_not_switch_presence_off(make_chat: MakeChat) -> None:
    """Three users with twenty connections each hide no joins and leaves from a room.

    The room is large above ten users here, so it may have 40 connections. With the default of 200
    users, 41 users with twenty connections each exceed its 800 connections in the same way.
    """
    chat = make_chat()
    chat.limits = replace(chat.limits, presence=10)
    chat.does("owner", "createRoom", **TEA)
    for device in range(20):
        for n in range(3):
            chat.does(f"eve{n}.{device}", "joinRoom", **TEA)

    assert_bob_is_announced(chat, members=5)
    removed = {**TEA, "type": "removed", "reason": "kicked"}
    assert chat.heard("eve0.0")[-1] == removed
    assert removed not in chat.heard("eve0.19")
    chat.rejects("eve0.0", {"action": "sendMessage", **TEA, "text": "hi"}, "not_a_member")
