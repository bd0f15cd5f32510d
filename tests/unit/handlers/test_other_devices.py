"""What somebody hears of a room that concerns them, on devices that are not in it."""

from typing import Any

import pytest

from tests.support.harness import Chat, Frame

TEA = {"roomId": "tea"}
DEVICES = ("bob", "bob.phone", "bob.tablet")
"""Two that are in the tea room, and one that is in none."""

PUT_OUT = {"kickMember": "kicked", "banMember": "banned"}
CHANGES: dict[str, Frame] = {"setRole": {"role": "moderator"}, "muteMember": {"seconds": 60}}


@pytest.fixture
def tea(chat: Chat) -> Chat:
    """The owner's public room; Bob and Eve are in it, and have a device each that is elsewhere."""
    chat.says("owner", {"action": "createRoom", **TEA})
    for who in ("bob", "bob.phone", "eve"):
        chat.says(who, {"action": "joinRoom", **TEA})
    for who in ("bob.tablet", "eve.tablet", "owner.tablet"):
        chat.says(who, {"action": "ping"})
    for heard in chat.push.heard.values():
        heard.clear()
    return chat


def do(chat: Chat, action: str, target: str, room_id: str = "tea", **fields: Any) -> Frame:
    about = {"roomId": room_id, "userId": chat.user_id(target)}
    return chat.says("owner", {"action": action, **about, **fields})


@pytest.mark.parametrize("action", PUT_OUT)
def test_who_is_put_out_hears_it_on_every_device(tea: Chat, action: str) -> None:
    """Each once, in the room or not; nobody else's device elsewhere hears of it."""
    do(tea, action, "bob")

    removed = {"type": "removed", "roomId": "tea", "reason": PUT_OUT[action]}
    assert [tea.heard(device) for device in DEVICES] == [[removed]] * 3
    assert tea.heard("eve.tablet") == tea.heard("owner.tablet") == []


@pytest.mark.parametrize("action", CHANGES)
def test_whose_rights_change_hears_it_on_every_device(tea: Chat, action: str) -> None:
    """Each once, in the room or not; the others hear it in the room alone."""
    reply = do(tea, action, "bob", **CHANGES[action])

    changed = {"type": "memberChanged", "roomId": "tea", "member": reply["member"]}
    assert [tea.heard(device) for device in DEVICES] == [[changed]] * 3
    assert tea.heard("eve") == [changed]
    assert tea.heard("eve.tablet") == tea.heard("owner.tablet") == []


def test_who_steps_down_hears_it_elsewhere(tea: Chat) -> None:
    """The device that has done it has its reply."""
    do(tea, "setRole", "bob", role="owner")
    do(tea, "setRole", "owner", role="member")

    assert [event["member"]["name"] for event in tea.heard("owner.tablet")] == ["owner"]
    assert tea.heard("owner") == []


def test_who_leaves_for_good_hears_it_elsewhere(tea: Chat) -> None:
    """On all but the device that has done it."""
    tea.says("bob", {"action": "leaveRoom", **TEA, "forGood": True})

    removed = {"type": "removed", "roomId": "tea", "reason": "left"}
    assert [tea.heard(device) for device in DEVICES] == [[], [removed], [removed]]


@pytest.mark.parametrize("action", [*PUT_OUT, *CHANGES])
def test_members_hear_it_who_are_not_there(tea: Chat, action: str) -> None:
    """A member of a private room who is looking elsewhere knows that they are none any more."""
    den = tea.says("owner", {"action": "createRoom", "visibility": "private"})["room"]["roomId"]
    do(tea, "inviteMember", "bob", den)

    do(tea, action, "bob", den, **CHANGES.get(action, {}))

    events = [[event["type"] for event in tea.heard(device)] for device in DEVICES]
    assert events == [["invited", "memberChanged" if action in CHANGES else "removed"]] * 3


@pytest.mark.parametrize("action", ["banMember", "muteMember", "unbanMember"])
@pytest.mark.parametrize("times", [1, 2])
def test_nobody_hears_of_a_room_that_is_not_theirs(tea: Chat, action: str, times: int) -> None:
    """Or anybody could be told of any room, also of a private one that does not exist for them."""
    den = tea.says("owner", {"action": "createRoom", "visibility": "private"})["room"]["roomId"]

    for _ in range(times):
        reply = do(tea, action, "bob", den, **CHANGES.get(action, {}))

    assert reply["type"] != "error"
    assert [tea.heard(device) for device in DEVICES] == [[]] * 3


def test_being_put_out_again_is_no_news(tea: Chat) -> None:
    """Who is out and banned hears nothing of a second ban, nor that they may come again."""
    for action in ("banMember", "banMember", "unbanMember"):
        do(tea, action, "bob")

    assert [len(tea.heard(device)) for device in DEVICES] == [1, 1, 1]
