"""Requests at the same moment: whatever the order of what they ask of DynamoDB, the rules hold."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tests.attacks.conftest import MakeFortress
from tests.attacks.fortress import Fortress
from tests.attacks.town import TEA, Town
from tests.guarantees.interleave import interleaved
from tests.harness import Frame

Choice = Callable[[int], int]
Job = tuple[str, Frame]
Replies = dict[str, Frame]
Work = Callable[[], Frame]

RANDOM = 3
"""Orders by chance, the same in every run."""


def race(chat: Fortress, jobs: dict[str, Job], check: Callable[[Replies], None]) -> None:
    """Run the jobs in many orders, each from the same beginning; *check* gets their replies.

    Each in turn halts once, before each of its requests, until the others have ended.
    """
    for first in jobs:
        order = [first, *(name for name in jobs if name != first)]
        for steps in range(1, _requests(chat, jobs[first]) + 1):
            _run(chat, {name: jobs[name] for name in order}, _first_for(steps), check)
    for seed in range(RANDOM):
        _run(chat, jobs, random.Random(seed).randrange, check)


def _run(
    chat: Fortress, jobs: dict[str, Job], choose: Choice, check: Callable[[Replies], None]
) -> None:
    with chat.undone():
        work = [partial(chat.says, who, frame) for who, frame in jobs.values()]
        replies = interleaved(chat.client, work, choose)
        check(dict(zip(jobs, replies, strict=True)))


def _first_for(steps: int) -> Choice:
    left = iter(range(steps))
    return lambda running: 0 if next(left, None) is not None else running - 1


def _requests(chat: Fortress, job: Job) -> int:
    """How many requests a job makes when it is alone."""
    with chat.undone():
        chat.calls.clear()
        chat.says(*job)
        return chat.calls.total()


def inside(chat: Fortress, user: str, room_id: str = "tea") -> bool:
    """Whether a user is in the room; the audience and the connections have to agree."""
    present = [a.connection_id for a in chat.services.rooms.audience(room_id)]
    for connection_id in chat.replies:
        joined = chat.services.rooms.connection(connection_id).rooms
        assert (room_id in joined) == (connection_id in present), connection_id
    return any(chat.user_id(id_) == f"u-{user}" for id_ in present)


def on(action: str, target: str, **fields: object) -> Frame:
    return {"action": action, **TEA, "userId": f"u-{target}", **fields}


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
        if refused := replies["kick"].get("code"):
            assert refused == "forbidden"
            assert town.chat.stores.standings.of("tea", "u-visitor").is_owner
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
        people = town.chat.does("visitor", "listRoles", **TEA)["members"]
        assert [m.get("role") for m in people].count("owner") == 1

    race(town.chat, jobs, check)


def test_two_owners_leave(town: Town) -> None:
    """Nor can both of them leave for good."""
    leave = {"action": "leaveRoom", **TEA, "forGood": True}

    def check(replies: Replies) -> None:
        assert sorted(r["type"] for r in replies.values()) == ["error", "roomLeft"]

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
            out = "tea" not in town.chat.services.rooms.connection(device).rooms
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
        standing = town.chat.stores.standings.of("tea", "u-visitor")
        muted = town.chat.services.rooms.connection("visitor").muted.get("tea")
        assert muted == standing.muted_until

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
    chat, here = town.chat, {"roomId": "lair-of-kicked"}
    say = {"action": "sendMessage", **here, "text": "hi", "clientMessageId": "m1"}
    with chat.undone():
        chat.does("visitor", "joinRoom", **here)

        def check(replies: Replies) -> None:
            assert replies["delete"]["complete"]
            assert replies["say"].get("code") in (None, "room_not_found", "not_a_member")
            assert {sk for _, sk in room_items(chat, **here)} == {"ROOM"}

        delete = {"action": "deleteRoom", **here}
        race(chat, {"delete": ("kicked", delete), "say": ("visitor", say)}, check)


def room_items(chat: Fortress, roomId: str) -> dict[tuple[str, str], object]:  # noqa: N803 - as in frames
    """What the table of rooms has of a room."""
    pk = f"ROOM#{roomId}"
    found = {key[1:]: item for key, item in chat.items().items() if key[0] == chat.tables[1]}
    return {key: item for key, item in found.items() if key[0] == pk}


DEEDS: dict[str, Frame] = {
    "setRole": on("setRole", "visitor", role="owner"),
    "inviteMember": on("inviteMember", "stranger"),
    "createInvite": {"action": "createInvite", **TEA},
    "updateRoom": {"action": "updateRoom", **TEA, "name": "Mine"},
    "kickMember": on("kickMember", "member"),
    "banMember": on("banMember", "visitor"),
    "unbanMember": on("unbanMember", "banned"),
    "muteMember": on("muteMember", "visitor", seconds=60),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS.keys())
def test_whose_rights_were_taken_changes_nothing_more(town: Town, deed: Frame) -> None:
    """What an owner has begun before a demotion is done when that is answered, or never."""
    chat, settled = town.chat, dict[tuple[str, str], object]()

    def demotes() -> Frame:
        reply = chat.says("owner", on("setRole", "owner2", role="member"))
        settled.update(room_items(chat, **TEA))
        return reply

    for steps in range(1, _requests(chat, ("owner2", deed)) + 1):
        with chat.undone():
            settled.clear()
            work: list[Work] = [partial(chat.says, "owner2", deed), demotes]
            done, demoted = interleaved(chat.client, work, _first_for(steps))
            assert done.get("code") in (None, "forbidden")
            assert demoted["type"] == "roleSet"
            assert room_items(chat, **TEA) == settled


SOON = timedelta(milliseconds=5)


@pytest.mark.parametrize(
    ("action", "code"),
    [("banMember", "not_a_member"), ("kickMember", "not_a_member"), ("muteMember", "forbidden")],
)
def test_a_renewal_at_the_last_moment(make_fortress: MakeFortress, action: str, code: str) -> None:
    """Whoever is put out or muted while a token ends and is renewed, is so on that device too."""
    chat = make_fortress()
    later = chat.clock.now() + timedelta(minutes=110)
    for who in ("owner", "mallory"):
        token = chat.token(who, exp=later if who == "owner" else later - timedelta(minutes=50))
        chat.replies[who] = []
        assert chat.knocks(who, {"Authorization": f"Bearer {token}"}) == 200
    chat.does("owner", "createRoom", **TEA)
    chat.does("mallory", "joinRoom", **TEA)
    last = later - timedelta(minutes=50) - SOON
    renew: Frame = {"action": "renew", "token": chat.token("mallory", exp=later)}
    against = on(action, "mallory", **({"seconds": 600} if action == "muteMember" else {}))

    def acts() -> Frame:
        chat.clock.advance(seconds=1)
        return chat.says("owner", against)

    chat.clock.time = last
    for steps in range(1, _requests(chat, ("mallory", renew)) + 1):
        with chat.undone():
            chat.clock.time = last
            work: list[Work] = [partial(chat.says, "mallory", renew), acts]
            renewed, acted = interleaved(chat.client, work, _first_for(steps))
            assert acted["type"] != "error"
            speak = chat.says("mallory", {"action": "sendMessage", **TEA, "text": "still here"})
            assert speak["code"] == ("unauthorized" if renewed["type"] == "error" else code)


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
    assert len(chat.services.rooms.audience(den)) == 2
    assert len(chat.does("alice", "listRoles", roomId=den)["members"]) == 2


@pytest.mark.parametrize("seed", range(3))
def test_twenty_connections_at_once(make_fortress: MakeFortress, seed: int) -> None:
    """A user has as many connections as a user may have, however many handshakes are under way."""
    chat = make_fortress(connections_per_user=3)

    work = [partial(chat.connects, f"alice.{n}") for n in range(20)]
    statuses = interleaved(chat.client, work, random.Random(seed).randrange)

    assert sorted(statuses) == 3 * [200] + 17 * [429]
    assert len(chat.stores.sockets.of("u-alice")) == 3


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
