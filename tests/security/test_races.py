"""Requests at the same moment: whatever the order of what they ask of DynamoDB, the rules hold."""

import random
from functools import partial

import pytest

from tests.reliability.model.scheduler import interleaved
from tests.security.attacked_chat import Fortress, MakeFortress
from tests.security.attacked_rooms import TEA, Town
from tests.security.concurrent_requests import (
    Job,
    Replies,
    inside,
    on,
    owners,
    race,
    room_items,
)
from tests.support.harness import Frame

JOIN: Frame = {"action": "joinRoom", **TEA}


@pytest.mark.parametrize("room", ["tea", "den"])
def test_a_ban_against_a_join(town: Town, room: str) -> None:
    """Whoever is first: in the end the banned user is outside, with every device."""
    here = {"roomId": town.den if room == "den" else room}
    town.chat.does("member.phone", "ping")

    def check(replies: Replies) -> None:
        assert replies["ban"]["type"] == "memberBanned"
        assert replies["join"].get("code") in (None, "forbidden", "room_not_found")
        assert not inside(town.chat, "member", here["roomId"])

    ban = {"action": "banMember", **here, "userId": "u-member"}
    join = {"action": "joinRoom", **here}
    race(town.chat, {"ban": ("owner", ban), "join": ("member.phone", join)}, check)


def test_a_kick_against_a_join_of_the_private_room(town: Town) -> None:
    """Who is no member any more is not inside."""
    here = {"roomId": town.den}
    town.chat.does("member.phone", "ping")

    def check(replies: Replies) -> None:
        assert replies["kick"]["type"] == "memberKicked"
        assert not inside(town.chat, "member", town.den)

    kick = {"action": "kickMember", **here, "userId": "u-member"}
    join = {"action": "joinRoom", **here}
    race(town.chat, {"kick": ("owner", kick), "join": ("member.phone", join)}, check)


def test_a_promotion_against_a_kick(town: Town) -> None:
    """A moderator kicks no owner: the kick was first, or it is refused."""
    jobs = {
        "promote": ("owner", on("setRole", "visitor", role="owner")),
        "kick": ("moderator", on("kickMember", "visitor")),
    }

    def check(replies: Replies) -> None:
        promoted = "u-visitor" in owners(town.chat)
        assert promoted == (replies["promote"]["type"] == "roleSet")
        if refused := replies["kick"].get("code"):
            assert refused == "forbidden"
            assert promoted
            assert inside(town.chat, "visitor")
        else:
            assert not inside(town.chat, "visitor")

    race(town.chat, jobs, check)


def test_two_owners_demote_each_other(town: Town) -> None:
    """One of them stays: a room keeps an owner."""
    jobs = {
        "one": ("owner", on("setRole", "owner2", role="member")),
        "two": ("owner2", on("setRole", "owner", role="moderator")),
    }

    def check(replies: Replies) -> None:
        assert sorted(r["type"] for r in replies.values()) == ["error", "roleSet"]
        assert len(owners(town.chat)) == 1

    race(town.chat, jobs, check)


def test_two_owners_leave(town: Town) -> None:
    """Nor can both of them leave for good."""
    leave = {"action": "leaveRoom", **TEA, "forGood": True}

    def check(replies: Replies) -> None:
        assert sorted(r["type"] for r in replies.values()) == ["error", "roomLeft"]
        assert len(owners(town.chat)) == 1

    race(town.chat, {"one": ("owner", leave), "two": ("owner2", leave)}, check)


def test_a_mute_against_a_join(town: Town) -> None:
    """No device slips in between with a voice."""
    town.chat.does("visitor.phone", "ping")
    jobs = {
        "mute": ("owner", on("muteMember", "visitor", seconds=60)),
        "join": ("visitor.phone", JOIN),
    }

    def check(replies: Replies) -> None:
        assert replies["mute"]["type"] == "memberMuted"
        for device in ("visitor", "visitor.phone"):
            said = {"action": "sendMessage", **TEA, "text": "hi"}
            out = "tea" not in town.chat.services.connections.get(device).rooms
            town.chat.refuses(device, said, "not_a_member" if out else "forbidden")

    race(town.chat, jobs, check)


@pytest.mark.parametrize("seconds", [(60, 0), (60, 600)])
def test_two_moderators_mute(town: Town, seconds: tuple[int, int]) -> None:
    """What the room keeps in the end is what the user's connection goes by."""
    jobs = {
        "one": ("moderator", on("muteMember", "visitor", seconds=seconds[0])),
        "two": ("moderator2", on("muteMember", "visitor", seconds=seconds[1])),
    }

    def check(replies: Replies) -> None:
        assert {r["type"] for r in replies.values()} == {"memberMuted"}
        membership = town.chat.stores.memberships.of("tea", "u-visitor")
        muted = town.chat.services.connections.get("visitor").muted.get("tea")
        assert muted == membership.muted_until

    race(town.chat, jobs, check)


@pytest.mark.parametrize(
    "beside",
    [
        ("kicked", {"action": "updateRoom", "visibility": "public", "name": "Back"}),
        ("stranger", {"action": "joinRoom"}),
    ],
    ids=lambda job: job[1]["action"],
)
def test_a_deletion_of_the_room(town: Town, beside: Job) -> None:
    """Whatever goes on in it: in the end there is no room, and it is in no list."""
    lair = {"roomId": "lair-of-kicked"}
    jobs = {
        "delete": ("kicked", {"action": "deleteRoom", **lair}),
        "beside": (beside[0], {**beside[1], **lair}),
    }

    def check(replies: Replies) -> None:
        assert replies["delete"]["type"] == "roomDeleted"
        town.chat.refuses("banned", {"action": "joinRoom", **lair}, "room_not_found")
        public = town.chat.does("stranger", "listRooms", which="public")["rooms"]
        assert lair["roomId"] not in [entry["room"]["roomId"] for entry in public]

    race(town.chat, jobs, check)


def test_a_message_against_the_deletion_of_its_room(town: Town) -> None:
    """Nothing that was said is left behind, however late it comes."""
    chat, lair = town.chat, "lair-of-kicked"
    here = {"roomId": lair}
    say = {"action": "sendMessage", **here, "text": "hi", "clientMessageId": "m1"}
    with chat.undone():
        chat.does("visitor", "joinRoom", **here)

        def check(replies: Replies) -> None:
            assert replies["delete"]["complete"]
            assert replies["say"].get("code") in (None, "room_not_found", "not_a_member")
            assert room_items(chat, lair).keys() == {"ROOM"}

        delete = {"action": "deleteRoom", **here}
        race(chat, {"delete": ("kicked", delete), "say": ("visitor", say)}, check)


def crowd(make_fortress: MakeFortress, size: int, **options: int) -> tuple[Fortress, list[str]]:
    chat = make_fortress(**options)
    people = [f"person{n}" for n in range(size)]
    for who in people:
        chat.does(who, "ping")
    return chat, people


@pytest.mark.parametrize("seed", range(3))
def test_twenty_with_an_invite_for_one(make_fortress: MakeFortress, seed: int) -> None:
    """Exactly one of them gets in, whatever the order."""
    chat, people = crowd(make_fortress, 20)
    den = chat.does("alice", "createRoom", visibility="private")["room"]["roomId"]
    invite = chat.does("alice", "createInvite", roomId=den)["invite"]
    join = {"action": "joinRoom", "roomId": den, "invite": invite}

    work = [partial(chat.says, who, join) for who in people]
    replies = interleaved(chat.client, work, random.Random(seed).randrange)

    assert [r.get("code") for r in replies].count("room_not_found") == 19
    assert len(chat.services.subscribers.of(den)) == 2
    assert len(chat.does("alice", "listRoles", roomId=den)["members"]) == 2


@pytest.mark.parametrize("seed", range(3))
def test_twenty_connections_at_once(make_fortress: MakeFortress, seed: int) -> None:
    """A user has as many connections as a user may have, however many handshakes are under way."""
    chat = make_fortress(connections_per_user=3)

    work = [partial(chat.connects, f"alice.{n}") for n in range(20)]
    statuses = interleaved(chat.client, work, random.Random(seed).randrange)

    assert sorted(statuses) == 3 * [200] + 17 * [429]
    assert len(chat.stores.user_connections.ids_of("u-alice")) == 3


@pytest.mark.parametrize("seed", range(3))
def test_twenty_rooms_at_once(make_fortress: MakeFortress, seed: int) -> None:
    """A user has as many rooms as a user may have, however many devices ask at once."""
    chat = make_fortress(rooms_per_user=3)
    devices = [f"alice.{n}" for n in range(20)]
    for device in devices:
        chat.does(device, "ping")

    work = [partial(chat.says, device, {"action": "createRoom"}) for device in devices]
    replies = interleaved(chat.client, work, random.Random(seed).randrange)

    assert sorted(r.get("code", "created") for r in replies) == 3 * ["created"] + 17 * ["forbidden"]
    assert len(chat.does("alice.0", "listRooms")["rooms"]) == 3
