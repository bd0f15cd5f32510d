"""What one may do to people by making them members, whom nobody asks."""

import pytest

from tests.security.attacked_chat import Fortress, MakeFortress
from tests.security.attacked_rooms import TEA


@pytest.fixture
def chat(make_fortress: MakeFortress) -> Fortress:
    """Mallory has a room; the victim is connected."""
    chat = make_fortress()
    chat.does("mallory", "createRoom", **TEA)
    chat.does("victim", "ping")
    return chat


def test_no_list_is_filled_with_rooms_that_are_no_more(chat: Fortress) -> None:
    """A deleted room goes from the list of each of its members: they could not leave it now."""
    for _ in range(3):
        room_id = chat.does("mallory", "createRoom", visibility="private")["room"]["roomId"]
        chat.does("mallory", "inviteMember", roomId=room_id, userId="u-victim")
        chat.does("mallory", "deleteRoom", roomId=room_id)

    assert chat.does("victim", "listRooms")["rooms"] == []
    assert [key for key in chat.items() if key[1] == "USER#u-victim" and "ROOM#" in key[2]] == []


def test_nobody_gives_others_a_name(chat: Fortress) -> None:
    """What an inviter calls somebody counts until they come; from then on it is their own."""
    chat.does("eve", "joinRoom", **TEA)
    chat.does("mallory", "inviteMember", **TEA, userId="u-victim", name="Alice (Support)")
    chat.does("victim", "joinRoom", **TEA)

    chat.does("mallory", "muteMember", **TEA, userId="u-victim", seconds=60)

    members = chat.does("eve", "listRoles", **TEA)["members"]
    assert "Alice (Support)" not in str(members)
    assert "Alice (Support)" not in str(chat.heard("eve"))


def test_whose_token_has_ended_hears_of_no_room(chat: Fortress) -> None:
    """An open socket is not enough: it neither speaks nor hears from then on."""
    chat.clock.advance(minutes=61)
    end = chat.clock.now().replace(hour=23)
    headers = {"Authorization": f"Bearer {chat.token('mallory', iat=None, exp=end)}"}
    assert chat.knocks("mallory.phone", headers) == 200
    chat.replies["mallory.phone"] = []

    chat.does("mallory.phone", "inviteMember", **TEA, userId="u-victim")

    assert chat.heard("victim") == []
