"""Attacks on presence: a few users with many connections."""

from tests.security.attacked_chat import MakeChat
from tests.security.attacked_rooms import TEA


def test_ten_users_do_not_switch_presence_off(make_chat: MakeChat) -> None:
    """Ten users with twenty connections each do not hide joins and leaves from a room.

    With 211 connections it is above the limit of 200, but it has 12 users.
    """
    chat = make_chat()
    chat.does("owner", "createRoom", **TEA)
    for n in range(10):
        for device in range(20):
            chat.does(f"eve{n}.{device}", "joinRoom", **TEA)
    heard = len(chat.heard("owner"))

    joined = chat.does("bob", "joinRoom", **TEA)
    chat.hangs_up("bob")

    assert (joined["memberCount"], len(joined["members"])) == (12, 12)
    events = [event["type"] for event in chat.heard("owner")[heard:]]
    assert events == ["memberJoined", "memberLeft"]
