"""Events about a user, on the user's connections that are not in the room."""

from typing import Any

import pytest

from tests.support.harness import Chat, Frame

TEA = {"roomId": "tea"}
DEVICES = ("bob", "bob.phone", "bob.tablet")
"""Bob's connections: two in the tea room, and one in no room."""

REMOVALS = {"kickMember": "kicked", "banMember": "banned"}
CHANGES: dict[str, Frame] = {"setRole": {"role": "moderator"}, "muteMember": {"seconds": 60}}


@pytest.fixture
def tea(chat: Chat) -> Chat:
    """Return a public room with its owner, Bob and Eve; both have a connection elsewhere."""
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


@pytest.mark.parametrize("action", REMOVALS)
def test_removals_reach_every_device(tea: Chat, action: str) -> None:
    """Each connection of the user gets one event, and no connection of others elsewhere."""
    do(tea, action, "bob")

    removed = {"type": "removed", "roomId": "tea", "reason": REMOVALS[action]}
    assert [tea.heard(device) for device in DEVICES] == [[removed]] * 3
    assert tea.heard("eve.tablet") == tea.heard("owner.tablet") == []


@pytest.mark.parametrize("action", CHANGES)
def test_changes_of_permissions_reach_every_device(tea: Chat, action: str) -> None:
    """Each connection of the user gets one event; other users only in the room."""
    reply = do(tea, action, "bob", **CHANGES[action])

    changed = {"type": "memberChanged", "roomId": "tea", "member": reply["member"]}
    assert [tea.heard(device) for device in DEVICES] == [[changed]] * 3
    assert tea.heard("eve") == [changed]
    assert tea.heard("eve.tablet") == tea.heard("owner.tablet") == []


def test_stepping_down_reaches_other_devices(tea: Chat) -> None:
    """The acting connection gets the reply, the user's others the event."""
    do(tea, "setRole", "bob", role="owner")
    do(tea, "setRole", "owner", role="member")

    assert [event["member"]["name"] for event in tea.heard("owner.tablet")] == ["owner"]
    assert tea.heard("owner") == []


def test_leaving_permanently_reaches_other_devices(tea: Chat) -> None:
    """All connections of the user but the acting one get the event."""
    tea.says("bob", {"action": "leaveRoom", **TEA, "forGood": True})

    removed = {"type": "removed", "roomId": "tea", "reason": "left"}
    assert [tea.heard(device) for device in DEVICES] == [[], [removed], [removed]]


@pytest.mark.parametrize("action", [*REMOVALS, *CHANGES])
def test_absent_members_get_their_removal(tea: Chat, action: str) -> None:
    """A member of a private room gets the removal on a connection elsewhere."""
    den = tea.says("owner", {"action": "createRoom", "visibility": "private"})["room"]["roomId"]
    do(tea, "inviteMember", "bob", den)

    do(tea, action, "bob", den, **CHANGES.get(action, {}))

    events = [[event["type"] for event in tea.heard(device)] for device in DEVICES]
    assert events == [["invited", "memberChanged" if action in CHANGES else "removed"]] * 3


@pytest.mark.parametrize("action", ["banMember", "muteMember", "unbanMember"])
@pytest.mark.parametrize("times", [1, 2])
def test_strangers_get_no_event(tea: Chat, action: str, times: int) -> None:
    """A user without a membership gets no event, which would reveal a private room."""
    den = tea.says("owner", {"action": "createRoom", "visibility": "private"})["room"]["roomId"]

    for _ in range(times):
        reply = do(tea, action, "bob", den, **CHANGES.get(action, {}))

    assert reply["type"] != "error"
    assert [tea.heard(device) for device in DEVICES] == [[]] * 3


def test_a_second_removal_causes_no_event(tea: Chat) -> None:
    """A banned user gets no event for a second ban or an unban."""
    for action in ("banMember", "banMember", "unbanMember"):
        do(tea, action, "bob")

    assert [len(tea.heard(device)) for device in DEVICES] == [1, 1, 1]
