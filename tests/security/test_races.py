"""Requests at the same moment: the rules hold in any order of their DynamoDB requests."""

import random
from functools import partial

import pytest

from tests.reliability.model.scheduler import interleaved
from tests.security.attacked_chat import AttackedChat, MakeChat
from tests.security.attacked_rooms import TEA, AttackedRooms
from tests.security.concurrent_requests import (
    Job,
    Replies,
    is_in_room,
    on,
    owners,
    race,
    room_items,
)
from tests.support.harness import Frame

JOIN: Frame = {"action": "joinRoom", **TEA}


@pytest.mark.parametrize("room", ["tea", "private"])
def test_a_ban_and_a_join_at_once(rooms: AttackedRooms, room: str) -> None:
    """In any order, no device of the banned user is in the room at the end."""
    here = {"roomId": rooms.private_id if room == "private" else room}
    rooms.chat.does("member.phone", "ping")

    def check(replies: Replies) -> None:
        assert replies["ban"]["type"] == "memberBanned"
        assert replies["join"].get("code") in (None, "forbidden", "room_not_found")
        assert not is_in_room(rooms.chat, "member", here["roomId"])

    ban = {"action": "banMember", **here, "userId": "u-member"}
    join = {"action": "joinRoom", **here}
    race(rooms.chat, {"ban": ("owner", ban), "join": ("member.phone", join)}, check)


def test_a_kick_and_a_join_of_the_private_room_at_once(rooms: AttackedRooms) -> None:
    """A user who is no longer a member is not in the room."""
    here = {"roomId": rooms.private_id}
    rooms.chat.does("member.phone", "ping")

    def check(replies: Replies) -> None:
        assert replies["kick"]["type"] == "memberKicked"
        assert not is_in_room(rooms.chat, "member", rooms.private_id)

    kick = {"action": "kickMember", **here, "userId": "u-member"}
    join = {"action": "joinRoom", **here}
    race(rooms.chat, {"kick": ("owner", kick), "join": ("member.phone", join)}, check)


def test_a_promotion_and_a_kick_at_once(rooms: AttackedRooms) -> None:
    """A moderator cannot kick an owner: the kick comes first, or it is rejected."""
    jobs = {
        "promote": ("owner", on("setRole", "visitor", role="owner")),
        "kick": ("moderator", on("kickMember", "visitor")),
    }

    def check(replies: Replies) -> None:
        promoted = "u-visitor" in owners(rooms.chat)
        assert promoted == (replies["promote"]["type"] == "roleSet")
        if refused := replies["kick"].get("code"):
            assert refused == "forbidden"
            assert promoted
            assert is_in_room(rooms.chat, "visitor")
        else:
            assert not is_in_room(rooms.chat, "visitor")

    race(rooms.chat, jobs, check)


def test_two_owners_step_down_at_once(rooms: AttackedRooms) -> None:
    """One of them remains: a room keeps an owner."""
    jobs = {
        "one": ("owner", on("setRole", "owner", role="member")),
        "two": ("owner2", on("setRole", "owner2", role="moderator")),
    }

    def check(replies: Replies) -> None:
        assert sorted(r["type"] for r in replies.values()) == ["error", "roleSet"]
        assert len(owners(rooms.chat)) == 1

    race(rooms.chat, jobs, check)


def test_a_promotion_and_a_mute_at_once(rooms: AttackedRooms) -> None:
    """An owner is never muted: the promotion ends the mute, or the mute is rejected."""
    jobs = {
        "promote": ("owner", on("setRole", "moderator2", role="owner")),
        "mute": ("owner2", on("muteMember", "moderator2", seconds=60)),
    }

    def check(replies: Replies) -> None:
        assert replies["promote"]["type"] == "roleSet"
        assert replies["mute"].get("code") in (None, "forbidden")
        assert rooms.chat.stores.memberships.of("tea", "u-moderator2").muted_until is None
        assert not rooms.chat.services.connections.get("moderator2").muted.get("tea")

    race(rooms.chat, jobs, check)


def test_two_owners_leave_at_once(rooms: AttackedRooms) -> None:
    """One of them must remain."""
    leave = {"action": "leaveRoom", **TEA, "forGood": True}

    def check(replies: Replies) -> None:
        assert sorted(r["type"] for r in replies.values()) == ["error", "roomLeft"]
        assert len(owners(rooms.chat)) == 1

    race(rooms.chat, {"one": ("owner", leave), "two": ("owner2", leave)}, check)


def test_a_mute_and_a_join_at_once(rooms: AttackedRooms) -> None:
    """No device that joins meanwhile can send."""
    rooms.chat.does("visitor.phone", "ping")
    jobs = {
        "mute": ("owner", on("muteMember", "visitor", seconds=60)),
        "join": ("visitor.phone", JOIN),
    }

    def check(replies: Replies) -> None:
        assert replies["mute"]["type"] == "memberMuted"
        for device in ("visitor", "visitor.phone"):
            said = {"action": "sendMessage", **TEA, "text": "hi"}
            out = "tea" not in rooms.chat.services.connections.get(device).rooms
            rooms.chat.rejects(device, said, "not_a_member" if out else "forbidden")

    race(rooms.chat, jobs, check)


@pytest.mark.parametrize("seconds", [(60, 0), (60, 600)])
def test_two_mutes_at_once(rooms: AttackedRooms, seconds: tuple[int, int]) -> None:
    """The mute of the membership and the mute of the connection are the same at the end."""
    jobs = {
        "one": ("moderator", on("muteMember", "visitor", seconds=seconds[0])),
        "two": ("moderator2", on("muteMember", "visitor", seconds=seconds[1])),
    }

    def check(replies: Replies) -> None:
        assert {r["type"] for r in replies.values()} == {"memberMuted"}
        membership = rooms.chat.stores.memberships.of("tea", "u-visitor")
        muted = rooms.chat.services.connections.get("visitor").muted.get("tea")
        assert muted == membership.muted_until

    race(rooms.chat, jobs, check)


@pytest.mark.parametrize(
    "beside",
    [
        ("kicked", {"action": "updateRoom", "visibility": "public", "name": "Back"}),
        ("stranger", {"action": "joinRoom"}),
    ],
    ids=lambda job: job[1]["action"],
)
def test_a_deletion_of_the_room_during_other_requests(rooms: AttackedRooms, beside: Job) -> None:
    """In any order the room does not exist at the end, and no list contains it."""
    own_room = {"roomId": "own-room-of-kicked"}
    jobs = {
        "delete": ("kicked", {"action": "deleteRoom", **own_room}),
        "beside": (beside[0], {**beside[1], **own_room}),
    }

    def check(replies: Replies) -> None:
        assert replies["delete"]["type"] == "roomDeleted"
        rooms.chat.rejects("banned", {"action": "joinRoom", **own_room}, "room_not_found")
        public = rooms.chat.does("stranger", "listRooms", which="public")["rooms"]
        assert own_room["roomId"] not in [entry["room"]["roomId"] for entry in public]

    race(rooms.chat, jobs, check)


def test_a_message_and_the_deletion_of_its_room_at_once(rooms: AttackedRooms) -> None:
    """No message remains, however late it is written."""
    chat, own_room = rooms.chat, "own-room-of-kicked"
    here = {"roomId": own_room}
    say = {"action": "sendMessage", **here, "text": "hi", "clientMessageId": "m1"}
    with chat.undone():
        chat.does("visitor", "joinRoom", **here)

        def check(replies: Replies) -> None:
            assert replies["delete"]["complete"]
            assert replies["say"].get("code") in (None, "room_not_found", "not_a_member")
            assert room_items(chat, own_room).keys() == {"ROOM"}

        delete = {"action": "deleteRoom", **here}
        race(chat, {"delete": ("kicked", delete), "say": ("visitor", say)}, check)


def connect_users(make_chat: MakeChat, size: int, **options: int) -> tuple[AttackedChat, list[str]]:
    """Return a new chat and the names of its connected users."""
    chat = make_chat(**options)
    people = [f"person{n}" for n in range(size)]
    for who in people:
        chat.does(who, "ping")
    return chat, people


@pytest.mark.parametrize("seed", range(3))
def test_twenty_joins_with_an_invite_for_one_use(make_chat: MakeChat, seed: int) -> None:
    """In any order exactly one user joins."""
    chat, people = connect_users(make_chat, 20)
    private_id = chat.does("alice", "createRoom", visibility="private")["room"]["roomId"]
    invite = chat.does("alice", "createInvite", roomId=private_id)["invite"]
    join = {"action": "joinRoom", "roomId": private_id, "invite": invite}

    work = [partial(chat.says, who, join) for who in people]
    replies = interleaved(chat.client, work, random.Random(seed).randrange)

    assert [r.get("code") for r in replies].count("room_not_found") == 19
    assert len(chat.services.subscribers.of(private_id)) == 2
    assert len(chat.does("alice", "listRoles", roomId=private_id)["members"]) == 2


@pytest.mark.parametrize("seed", range(3))
def test_twenty_connections_at_once(make_chat: MakeChat, seed: int) -> None:
    """A user cannot exceed the limit of connections by simultaneous handshakes."""
    chat = make_chat(connections_per_user=3)

    work = [partial(chat.connects, f"alice.{n}") for n in range(20)]
    statuses = interleaved(chat.client, work, random.Random(seed).randrange)

    assert sorted(statuses) == 3 * [200] + 17 * [429]
    assert len(chat.stores.user_connections.ids_of("u-alice")) == 3


@pytest.mark.parametrize("seed", range(3))
def test_twenty_rooms_at_once(make_chat: MakeChat, seed: int) -> None:
    """A user cannot exceed the limit of rooms by simultaneous requests."""
    chat = make_chat(rooms_per_user=3)
    devices = [f"alice.{n}" for n in range(20)]
    for device in devices:
        chat.does(device, "ping")

    work = [partial(chat.says, device, {"action": "createRoom"}) for device in devices]
    replies = interleaved(chat.client, work, random.Random(seed).randrange)

    assert sorted(r.get("code", "created") for r in replies) == 3 * ["created"] + 17 * ["forbidden"]
    assert len(chat.does("alice.0", "listRooms")["rooms"]) == 3
