"""createRoom, joinRoom, leaveRoom, listMembers: the members, and the events."""

from msgspec.structs import replace

from tests.support.harness import LIMITS, Chat

TEA = {"roomId": "tea"}


def test_creates_a_room(chat: Chat) -> None:
    """The creator is in the new room, which is as it was asked for."""
    created = chat.says("alice", {"action": "createRoom", **TEA, "name": "Tea time"})

    member = {"userId": chat.user_id("alice"), "name": "alice", "role": "owner"}
    assert created["members"] == [member]
    assert created["room"] == {
        "roomId": "tea",
        "name": "Tea time",
        "createdBy": member["userId"],
        "createdAt": "2026-01-01T00:00:00.000Z",
        "lastSeq": 0,
        "epoch": "epoch-tea",
    }
    assert chat.says("alice", {"action": "listMembers", **TEA})["members"] == [member]


def test_makes_up_room_ids(chat: Chat) -> None:
    """Rooms without an id get one each, and their id is their name."""
    rooms = [chat.says("alice", {"action": "createRoom"})["room"] for _ in range(2)]

    assert rooms[0]["roomId"] != rooms[1]["roomId"]
    assert rooms[0]["name"] == rooms[0]["roomId"]


def test_refuses_a_taken_id(chat: Chat) -> None:
    """`room_exists`, and nobody is in by accident."""
    chat.says("alice", {"action": "createRoom", **TEA})

    assert chat.says("bob", {"action": "createRoom", **TEA})["code"] == "room_exists"

    assert chat.says("bob", {"action": "listMembers", **TEA})["code"] == "not_a_member"


def test_joins_and_tells(chat: Chat) -> None:
    """The joining user gets the members, and the others get the event."""
    chat.says("alice", {"action": "createRoom", **TEA})

    joined = chat.says("bob", {"action": "joinRoom", **TEA, "requestId": "7"})

    bob = {"userId": chat.user_id("bob"), "name": "bob"}
    assert joined["type"] == "roomJoined"
    assert joined["requestId"] == "7"
    assert [m["name"] for m in joined["members"]] == ["alice", "bob"]
    assert joined["memberCount"] == 2
    assert (joined["messages"], joined["hasMore"], joined["resumed"]) == ([], False, False)
    assert chat.heard("alice") == [
        {"type": "memberJoined", "roomId": "tea", "member": bob, "memberCount": 2}
    ]
    assert chat.heard("bob") == []


def test_no_room_by_joining(chat: Chat) -> None:
    """Joining a room that does not exist is `room_not_found`, repeatedly."""
    for _ in range(2):
        assert chat.says("bob", {"action": "joinRoom", **TEA})["code"] == "room_not_found"


def test_joining_twice_is_no_news(chat: Chat) -> None:
    """A second join gets the same reply and causes no event."""
    chat.says("alice", {"action": "createRoom", **TEA})
    first = chat.says("bob", {"action": "joinRoom", **TEA})

    second = chat.says("bob", {"action": "joinRoom", **TEA})

    assert second == first
    assert len(chat.heard("alice")) == 1


def test_leaves_and_tells(chat: Chat) -> None:
    """A leaving user is no longer a member, and the others get the event."""
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})

    left = chat.says("bob", {"action": "leaveRoom", **TEA})

    assert left == {"type": "roomLeft", "roomId": "tea"}
    assert chat.heard("alice")[-1] == {
        "type": "memberLeft",
        "roomId": "tea",
        "userId": chat.user_id("bob"),
        "memberCount": 1,
    }
    assert chat.says("bob", {"action": "leaveRoom", **TEA})["code"] == "not_a_member"


def test_leaving_nowhere(chat: Chat) -> None:
    """Leaving a room that is not there is `room_not_found`."""
    assert chat.says("bob", {"action": "leaveRoom", **TEA})["code"] == "room_not_found"


def test_presence_is_by_user(chat: Chat) -> None:
    """A second tab causes no event, and its end neither; the end of the last one does."""
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    chat.says("bob.phone", {"action": "joinRoom", **TEA})

    members = chat.says("alice", {"action": "listMembers", **TEA})
    chat.hangs_up("bob")
    after_first = len(chat.heard("alice"))
    chat.hangs_up("bob.phone")

    assert [m["name"] for m in members["members"]] == ["alice", "bob"]
    assert members["memberCount"] == 2
    assert after_first == 1
    assert [e["type"] for e in chat.heard("alice")] == ["memberJoined", "memberLeft"]


def test_disconnect_leaves_every_room(chat: Chat) -> None:
    """A closed connection leaves all its rooms, and each of them gets the event."""
    for room_id in ("tea", "milk"):
        chat.says("alice", {"action": "createRoom", "roomId": room_id})
        chat.says("bob", {"action": "joinRoom", "roomId": room_id})

    chat.hangs_up("bob")
    chat.hangs_up("bob")

    left = [e for e in chat.heard("alice") if e["type"] == "memberLeft"]
    assert [e["roomId"] for e in left] == ["milk", "tea"]
    assert chat.says("alice", {"action": "listMembers", **TEA})["memberCount"] == 1


def test_gone_is_forgotten(chat: Chat) -> None:
    """A push that finds connections gone removes them with an event; the sender gets the reply."""
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("alice", {"action": "createRoom", "roomId": "milk"})
    for name in ("bob", "carol"):
        chat.says(name, {"action": "joinRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", "roomId": "milk"})
    chat.vanishes("bob")
    chat.vanishes("carol")

    sent = chat.says("alice", {"action": "sendMessage", **TEA, "text": "anyone?"})

    assert sent["type"] == "messageSent"
    left = [(e["roomId"], e["memberCount"]) for e in chat.heard("alice") if "userId" in e]
    assert sorted(left) == [("milk", 1), ("tea", 1), ("tea", 1)]
    assert chat.says("alice", {"action": "listMembers", **TEA})["memberCount"] == 1
    posts = chat.push.posts
    chat.says("alice", {"action": "sendMessage", **TEA, "text": "nobody"})
    assert chat.push.posts == posts


def test_a_mass_exit_is_bounded(chat: Chat) -> None:
    """A hundred dead sockets in one room cost a bounded number of posts, not their square."""
    chat.says("alice", {"action": "createRoom", **TEA})
    for n in range(100):
        chat.says(f"p{n}", {"action": "joinRoom", **TEA})
        chat.vanishes(f"p{n}")
    chat.push.posts = 0

    chat.says("alice", {"action": "sendMessage", **TEA, "text": "anyone?"})

    assert chat.says("alice", {"action": "listMembers", **TEA})["memberCount"] == 1
    assert chat.push.posts <= 300


def test_left_over_subscribers_are_removed(chat: Chat) -> None:
    """A subscriber that a crash left behind is removed by the first push that finds it gone."""
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    chat.vanishes("bob")
    chat.stores.state.connections.pop("bob")  # a crash of the store

    chat.says("alice", {"action": "sendMessage", **TEA, "text": "anyone?"})

    assert chat.heard("alice")[-1]["type"] == "memberLeft"
    assert chat.says("alice", {"action": "listMembers", **TEA})["memberCount"] == 1


def test_big_rooms_are_quiet() -> None:
    """Above the presence limit joins and leaves are not announced, but counted."""
    chat = Chat(limits=replace(LIMITS, presence=2))
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    heard = len(chat.heard("alice"))

    joined = chat.says("carol", {"action": "joinRoom", **TEA})
    chat.says("dave", {"action": "joinRoom", **TEA})
    chat.hangs_up("dave")

    assert joined["memberCount"] == 3
    assert len(chat.heard("alice")) == heard


def test_limits_rooms() -> None:
    """One room too many is `forbidden`."""
    chat = Chat(limits=replace(LIMITS, rooms_per_connection=1))
    chat.says("alice", {"action": "createRoom"})

    assert chat.says("alice", {"action": "createRoom"})["code"] == "forbidden"


def test_cuts_long_member_lists() -> None:
    """A list that outgrows the reply is cut; the count is not."""
    chat = Chat(limits=replace(LIMITS, history_bytes=1000))
    chat.says("alice", {"action": "createRoom", **TEA})
    for n in range(30):
        chat.says(f"p{n}", {"action": "joinRoom", **TEA})

    listed = chat.says("alice", {"action": "listMembers", **TEA})

    assert 0 < len(listed["members"]) < 31
    assert listed["memberCount"] == 31
