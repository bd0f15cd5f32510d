"""Rooms: their members, their events, and how they are created and deleted."""

from tests.conformance.client import Connect, ValidatingClient, own_rooms
from tests.support.clients.websocket import Frame


def users(frame: Frame) -> set[str]:
    return {member["userId"] for member in frame["members"]}


def test_a_room_is_made(alice: ValidatingClient) -> None:
    """The creator of a room is in it and owns it; it is public, and its name is its id."""
    made = alice.get("createRoom", "roomCreated")
    room_id = made["room"]["roomId"]

    members = alice.get("listMembers", "members", roomId=room_id)
    alice.get("deleteRoom", "roomDeleted", roomId=room_id)

    assert made["room"]["name"] == room_id
    assert made["room"].get("visibility", "public") == "public"
    assert users(made) == users(members) == {alice.user_id()}
    assert made["members"][0]["role"] == "owner"


def test_an_id_can_be_used_once(alice: ValidatingClient, bob: ValidatingClient, room: str) -> None:
    """Creating a room with the id of an existing one is `room_exists`."""
    assert alice.refused("createRoom", roomId=room) == "room_exists"
    assert bob.refused("createRoom", roomId=room) == "room_exists"


def test_joining_creates_no_room(speaker: ValidatingClient) -> None:
    """Joining a room that does not exist is `room_not_found`."""
    assert speaker.refused("joinRoom", roomId="conformance-never-was") == "room_not_found"


def test_joins_and_leaves_are_events(
    alice: ValidatingClient, bob: ValidatingClient, room: str
) -> None:
    """The others get an event for each join and leave, and the member list counts them."""
    joined = bob.get("joinRoom", "roomJoined", roomId=room)
    came = alice.next_event("memberJoined")
    both = alice.get("listMembers", "members", roomId=room)
    bob.get("leaveRoom", "roomLeft", roomId=room)
    left = alice.next_event("memberLeft")

    bobs = bob.user_id()
    assert users(joined) == users(both) == {alice.user_id(), bobs}
    assert (came["roomId"], came["member"]["userId"], came["memberCount"]) == (room, bobs, 2)
    assert (left["roomId"], left["userId"], left["memberCount"]) == (room, bobs, 1)
    assert users(alice.get("listMembers", "members", roomId=room)) == {alice.user_id()}


def test_joining_twice(bob: ValidatingClient, room: str) -> None:
    """Joining twice is no error, and the member counts once."""
    counts = [bob.get("joinRoom", "roomJoined", roomId=room)["memberCount"] for _ in range(2)]

    assert counts == [2, 2]


def test_presence_is_by_user(
    alice: ValidatingClient, bob: ValidatingClient, connect: Connect, room: str
) -> None:
    """`memberJoined` comes with a user's first connection, `memberLeft` with the last."""
    tab = connect("bob")
    bob.get("joinRoom", "roomJoined", roomId=room)
    alice.next_event("memberJoined")
    tab.get("joinRoom", "roomJoined", roomId=room)
    bob.get("leaveRoom", "roomLeft", roomId=room)

    assert alice.event_types() == []
    tab.socket.close()
    assert alice.next_event("memberLeft")["memberCount"] == 1


def test_members_only(bob: ValidatingClient, room: str) -> None:
    """Before joining, sending, reading, listing and leaving are `not_a_member`."""
    for action, fields in {
        "sendMessage": {"text": "hi"},
        "getHistory": {},
        "listMembers": {},
        "leaveRoom": {},
    }.items():
        assert bob.refused(action, roomId=room, **fields) == "not_a_member", action


def test_lists_of_rooms(alice: ValidatingClient, bob: ValidatingClient, room: str) -> None:
    """`listRooms` returns the user's own rooms with the role in each, and the public rooms."""
    mine, bobs = own_rooms(alice), own_rooms(bob)

    assert mine[room]["role"] == "owner"
    assert room not in bobs
    assert room in own_rooms(bob, which="public")


def test_leaving_for_good(
    alice: ValidatingClient, bob: ValidatingClient, connect: Connect, room: str
) -> None:
    """`forGood` removes all of the user's connections, and the room from the user's list."""
    tab = connect("bob")
    for device in (bob, tab):
        device.get("joinRoom", "roomJoined", roomId=room)
    assert room in own_rooms(bob)

    bob.get("leaveRoom", "roomLeft", roomId=room, forGood=True)

    assert tab.next_event("removed")["reason"] == "left"
    assert tab.refused("getHistory", roomId=room) == "not_a_member"
    assert room not in own_rooms(bob)
    assert users(alice.get("listMembers", "members", roomId=room)) == {alice.user_id()}


def test_a_room_is_renamed(alice: ValidatingClient, bob: ValidatingClient, room: str) -> None:
    """`updateRoom` reaches the others as an event, and the new name stays."""
    bob.get("joinRoom", "roomJoined", roomId=room)

    updated = alice.get("updateRoom", "roomUpdated", roomId=room, name="Coffee")

    assert updated["room"]["name"] == "Coffee"
    assert bob.next_event("roomChanged")["room"] == updated["room"]
    assert bob.get("joinRoom", "roomJoined", roomId=room)["room"]["name"] == "Coffee"


def test_a_room_is_deleted(alice: ValidatingClient, bob: ValidatingClient, room: str) -> None:
    """The others get `removed` for a deleted room; it is not found, and its id stays in use."""
    bob.get("joinRoom", "roomJoined", roomId=room)

    while not alice.get("deleteRoom", "roomDeleted", roomId=room)["complete"]:
        pass

    removed = bob.next_event("removed")
    assert (removed["roomId"], removed["reason"]) == (room, "deleted")
    assert bob.refused("joinRoom", roomId=room) == "room_not_found"
    assert alice.refused("createRoom", roomId=room) == "room_exists"
    assert room not in own_rooms(alice)
