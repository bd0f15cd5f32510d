"""Attacks on users who are made members of a room, which needs no consent."""

from datetime import timedelta

import pytest

from tests.security.attacked_chat import AttackedChat, MakeChat
from tests.security.attacked_rooms import TEA


@pytest.fixture
def chat(make_chat: MakeChat) -> AttackedChat:
    """Provide a chat where Mallory has a room and the victim is connected."""
    chat = make_chat()
    chat.does("mallory", "createRoom", **TEA)
    chat.does("victim", "ping")
    return chat


def test_deleted_rooms_leave_the_lists_of_their_members(chat: AttackedChat) -> None:
    """A deleted room leaves the list of each member, who could not leave it any more."""
    for _ in range(3):
        room_id = chat.does("mallory", "createRoom", visibility="private")["room"]["roomId"]
        chat.does("mallory", "inviteMember", roomId=room_id, userId="u-victim")
        chat.does("mallory", "deleteRoom", roomId=room_id)

    assert chat.does("victim", "listRooms")["rooms"] == []
    assert [key for key in chat.items() if key[1] == "USER#u-victim" and "ROOM#" in key[2]] == []


def test_an_inviter_does_not_name_the_invited_user(chat: AttackedChat) -> None:
    """The inviter's name for a user counts until the user joins.

    Then the user's own name counts.
    """
    chat.does("eve", "joinRoom", **TEA)
    chat.does("mallory", "inviteMember", **TEA, userId="u-victim", name="Alice (Support)")
    chat.does("victim", "joinRoom", **TEA)

    chat.does("mallory", "muteMember", **TEA, userId="u-victim", seconds=60)

    members = chat.does("eve", "listRoles", **TEA)["members"]
    assert "Alice (Support)" not in str(members)
    assert "Alice (Support)" not in str(chat.heard("eve"))


def test_an_expired_connection_receives_no_invitation(chat: AttackedChat) -> None:
    """After the token's expiry an open connection receives nothing."""
    chat.clock.advance(minutes=61)
    end = chat.clock.now() + timedelta(hours=1)
    headers = {"Authorization": f"Bearer {chat.token('mallory', iat=None, exp=end)}"}
    assert chat.handshake("mallory.phone", headers) == 200
    chat.replies["mallory.phone"] = []

    chat.does("mallory.phone", "inviteMember", **TEA, userId="u-victim")

    assert chat.heard("victim") == []
