"""Invites: guessed, used again, too late, elsewhere; and their secrets, which are kept nowhere."""

import hashlib
from collections.abc import Callable

import pytest

from tests.security.attacked_chat import MakeFortress
from tests.security.attacked_rooms import NOWHERE, Town
from tests.support.harness import Frame


@pytest.fixture(scope="module")
def invite(town: Town) -> str:
    """A good one for the private room, which nobody uses, so that guesses have something to hit."""
    made = town.chat.does("owner", "createInvite", roomId=town.den, uses=9)
    return str(made["invite"])


def with_invite(room_id: str, invite: object) -> Frame:
    return {"action": "joinRoom", "roomId": room_id, "invite": invite}


GUESSES: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "blank": lambda _: " " * 32,
    "zeros": lambda _: "A" * 32,
    "one character off": lambda i: ("A" if i[0] != "A" else "B") + i[1:],
    "another case": lambda i: i.swapcase(),
    "cut": lambda i: i[:-1],
    "longer": lambda i: i + "A",
    "with a space": lambda i: i + " ",
    "with a newline": lambda i: i + "\n",
    "with a nul": lambda i: i + "\x00",
    "padded": lambda i: i + "==",
    "its digest": lambda i: hashlib.sha256(i.encode()).hexdigest(),
    "its item's key": lambda i: f"INVITE#{hashlib.sha256(i.encode()).hexdigest()}",
    "a query": lambda _: "' OR '1'='1",
    "an expression": lambda _: "attribute_exists(pk)",
    "an operator": lambda _: '{"$gt": ""}',
    "another item's key": lambda _: "MEMBER#u-owner",
    "another alphabet": lambda _: "\u0410" * 32,
    "the longest": lambda _: "x" * 128,
}


@pytest.mark.parametrize("guess", GUESSES.values(), ids=GUESSES.keys())
def test_guesses(town: Town, invite: str, guess: Callable[[str], str]) -> None:
    """Nothing but the secret itself opens the room; the answer is that of a room that is none."""
    guessed = guess(invite)

    there = town.chat.refuses("stranger", with_invite(town.den, guessed), "room_not_found")

    assert there == town.chat.says("stranger", with_invite(NOWHERE, guessed))


@pytest.mark.parametrize("who", ["kicked", "stranger"])
def test_a_good_one_is_no_way_around_a_ban(town: Town, invite: str, who: str) -> None:
    """Who is not in the room is kept out all the same, and learns nothing of it."""
    told = str(town.chat.heard(who))
    with town.chat.undone():
        town.chat.does("moderator", "banMember", roomId=town.den, userId=f"u-{who}")
        assert str(town.chat.heard(who)) == told

        for device in (who, f"{who}.phone"):
            town.chat.refuses(device, with_invite(town.den, invite), "room_not_found")


@pytest.mark.parametrize("wrong", ["x" * 129, "x" * 100_000, 7, True, ["x"], {"$ne": ""}], ids=repr)
def test_what_is_no_invite(town: Town, wrong: object) -> None:
    """Refused by its field, whether there is the room or not."""
    there = town.chat.refuses("stranger", with_invite(town.den, wrong), "bad_request")

    assert there == town.chat.says("stranger", with_invite(NOWHERE, wrong))


def test_an_invite_of_another_room(town: Town, invite: str) -> None:
    """A secret opens its own room, and no other private one, whoever asks."""
    with town.chat.undone():
        other = town.chat.does("stranger", "createRoom", visibility="private")["room"]["roomId"]
        own = town.chat.does("stranger", "createInvite", roomId=other, uses=1000)["invite"]

        town.chat.refuses("stranger", with_invite(town.den, own), "room_not_found")
        town.chat.refuses("kicked", with_invite(other, invite), "room_not_found")


def test_reuse(town: Town) -> None:
    """Used up is used up, also for who was let in by it and was kicked since."""
    chat = town.chat
    with chat.undone():
        invite = chat.does("owner", "createInvite", roomId=town.den)["invite"]
        chat.does("stranger", **with_invite(town.den, invite))
        chat.does("owner", "kickMember", roomId=town.den, userId="u-stranger")

        for who in ("stranger", "kicked"):
            chat.refuses(who, with_invite(town.den, invite), "room_not_found")


def test_too_late(town: Town) -> None:
    """From the second of its end on, whether DynamoDB has deleted it or not."""
    chat = town.chat
    with chat.undone():
        made = chat.does("owner", "createInvite", roomId=town.den, expiresInSeconds=60, uses=9)
        chat.clock.advance(seconds=60)
        chat.refuses("stranger", with_invite(town.den, made["invite"]), "room_not_found")
        chat.clock.advance(seconds=-60)


def test_after_the_end_of_its_room(town: Town) -> None:
    """An invite opens no room that was deleted."""
    chat = town.chat
    with chat.undone():
        room_id = chat.does("owner", "createRoom", visibility="private")["room"]["roomId"]
        invite = chat.does("owner", "createInvite", roomId=room_id, uses=9)["invite"]
        chat.does("owner", "deleteRoom", roomId=room_id)

        for who in ("stranger", "owner"):
            chat.refuses(who, with_invite(room_id, invite), "room_not_found")


@pytest.mark.parametrize("uses", [0, -1, 1_001, 10**400, 1.5, "1", None])
def test_uses(town: Town, uses: object) -> None:
    """An invite for nobody, for everybody, or for half a person is refused."""
    frame = {"action": "createInvite", "roomId": town.den, "uses": uses}

    town.chat.refuses("owner", frame, "bad_request")


@pytest.mark.parametrize("seconds", [0, 59, -60, 2_592_001, 10**400, 60.5, "60", None])
def test_times(town: Town, seconds: object) -> None:
    """So is one that is for ever."""
    frame = {"action": "createInvite", "roomId": town.den, "expiresInSeconds": seconds}

    town.chat.refuses("owner", frame, "bad_request")


def test_the_secret_is_kept_nowhere(town: Town, invite: str) -> None:
    """The table holds its hash; the watch over all attacks looks for it in logs and pushes too."""
    kept = town.chat.kept()

    assert invite not in kept
    assert hashlib.sha256(invite.encode()).hexdigest() in kept
    assert invite in town.chat.secrets


def test_secrets_differ(town: Town) -> None:
    """192 random bits each."""
    with town.chat.undone():
        made = {town.chat.does("owner", "createInvite", roomId=town.den)["invite"] for _ in "12345"}

    assert {len(invite) for invite in made} == {32}
    assert len(made) == 5


def test_ids_of_private_rooms_differ(make_fortress: MakeFortress) -> None:
    """128 random bits each, and none is of a creator's choice."""
    chat = make_fortress()

    rooms = [chat.does("alice", "createRoom", visibility="private") for _ in "12345"]

    assert len({room["room"]["roomId"] for room in rooms}) == 5
    for visibility in ("private", "public"):
        frame = {"action": "createRoom", "roomId": f"private-{'a' * 32}", "visibility": visibility}
        chat.refuses("alice", frame, "bad_request")
