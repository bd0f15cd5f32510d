"""Invites that are guessed, reused, expired or of another room, and their secrets."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from chat.dynamodb import item_keys
from chat.dynamodb.invites import DynamoInvites
from chat.dynamodb.table import Table
from tests.security.attacked_chat import MakeChat
from tests.security.attacked_rooms import ABSENT_ROOM, AttackedRooms
from tests.support.harness import Frame


@pytest.fixture(scope="module")
def invite(rooms: AttackedRooms) -> str:
    """Create a valid invite for the private room, so that guesses have a target.

    No test uses it.
    """
    made = rooms.chat.does("owner", "createInvite", roomId=rooms.private_id, uses=9)
    return str(made["invite"])


def with_invite(room_id: str, invite: object) -> Frame:
    """Return a frame that joins a room with an invite."""
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
def test_guessed_invites_open_nothing(
    rooms: AttackedRooms, invite: str, guess: Callable[[str], str]
) -> None:
    """Only the secret itself opens the room. The reply is that of an absent room."""
    guessed = guess(invite)

    private = rooms.chat.rejects(
        "stranger", with_invite(rooms.private_id, guessed), "room_not_found"
    )

    assert private == rooms.chat.says("stranger", with_invite(ABSENT_ROOM, guessed))


@pytest.mark.parametrize("who", ["kicked", "stranger"])
def test_a_valid_invite_does_not_lift_a_ban(rooms: AttackedRooms, invite: str, who: str) -> None:
    """A banned user outside the room cannot join by an invite, and receives no event of the ban."""
    before = str(rooms.chat.heard(who))
    with rooms.chat.undone():
        rooms.chat.does("moderator", "banMember", roomId=rooms.private_id, userId=f"u-{who}")
        assert str(rooms.chat.heard(who)) == before

        for device in (who, f"{who}.phone"):
            rooms.chat.rejects(device, with_invite(rooms.private_id, invite), "room_not_found")


@pytest.mark.parametrize("wrong", ["x" * 129, "x" * 100_000, 7, True, ["x"], {"$ne": ""}], ids=repr)
def test_malformed_invites_are_rejected(rooms: AttackedRooms, wrong: object) -> None:
    """They are rejected by their field, whether the room exists or not."""
    private = rooms.chat.rejects("stranger", with_invite(rooms.private_id, wrong), "bad_request")

    assert private == rooms.chat.says("stranger", with_invite(ABSENT_ROOM, wrong))


def test_an_invite_opens_its_own_room_only(rooms: AttackedRooms, invite: str) -> None:
    """An invite opens no other private room, for any user."""
    with rooms.chat.undone():
        other = rooms.chat.does("stranger", "createRoom", visibility="private")["room"]["roomId"]
        own = rooms.chat.does("stranger", "createInvite", roomId=other, uses=1000)["invite"]

        rooms.chat.rejects("stranger", with_invite(rooms.private_id, own), "room_not_found")
        rooms.chat.rejects("kicked", with_invite(other, invite), "room_not_found")


def test_a_used_up_invite_opens_nothing(rooms: AttackedRooms) -> None:
    """A used-up invite opens nothing, even for the user who joined with it and was kicked."""
    chat = rooms.chat
    with chat.undone():
        invite = chat.does("owner", "createInvite", roomId=rooms.private_id)["invite"]
        chat.does("stranger", **with_invite(rooms.private_id, invite))
        chat.does("owner", "kickMember", roomId=rooms.private_id, userId="u-stranger")

        for who in ("stranger", "kicked"):
            chat.rejects(who, with_invite(rooms.private_id, invite), "room_not_found")


def test_an_expired_invite_opens_nothing(rooms: AttackedRooms) -> None:
    """An invite ends at the second of its expiry, even before DynamoDB has deleted it."""
    chat = rooms.chat
    with chat.undone():
        made = chat.does(
            "owner", "createInvite", roomId=rooms.private_id, expiresInSeconds=60, uses=9
        )
        chat.clock.advance(seconds=60)
        chat.rejects("stranger", with_invite(rooms.private_id, made["invite"]), "room_not_found")
        chat.clock.advance(seconds=-60)


def test_an_invite_of_a_deleted_room_opens_nothing(rooms: AttackedRooms) -> None:
    """An invite opens no room that was deleted."""
    chat = rooms.chat
    with chat.undone():
        room_id = chat.does("owner", "createRoom", visibility="private")["room"]["roomId"]
        invite = chat.does("owner", "createInvite", roomId=room_id, uses=9)["invite"]
        chat.does("owner", "deleteRoom", roomId=room_id)

        for who in ("stranger", "owner"):
            chat.rejects(who, with_invite(room_id, invite), "room_not_found")


@pytest.mark.parametrize("uses", [0, -1, 1_001, 10**400, 1.5, "1", None])
def test_invites_with_invalid_uses_are_rejected(rooms: AttackedRooms, uses: object) -> None:
    """The uses of an invite are an integer from 1 to 1,000."""
    frame = {"action": "createInvite", "roomId": rooms.private_id, "uses": uses}

    rooms.chat.rejects("owner", frame, "bad_request")


@pytest.mark.parametrize("seconds", [0, 59, -60, 2_592_001, 10**400, 60.5, "60", None])
def test_invites_with_an_invalid_expiry_are_rejected(rooms: AttackedRooms, seconds: object) -> None:
    """The expiry of an invite is an integer from 60 to 2,592,000 seconds."""
    frame = {"action": "createInvite", "roomId": rooms.private_id, "expiresInSeconds": seconds}

    rooms.chat.rejects("owner", frame, "bad_request")


def test_the_secret_of_an_invite_is_stored_nowhere(rooms: AttackedRooms, invite: str) -> None:
    """The table contains its hash. The check of all attacks searches logs and pushes too."""
    kept = rooms.chat.stored_and_pushed()

    assert invite not in kept
    assert hashlib.sha256(invite.encode()).hexdigest() in kept
    assert invite in rooms.chat.secrets


def test_secrets_of_invites_are_random(rooms: AttackedRooms) -> None:
    """Each secret has 192 random bits."""
    with rooms.chat.undone():
        made = {
            rooms.chat.does("owner", "createInvite", roomId=rooms.private_id)["invite"]
            for _ in "12345"
        }

    assert {len(invite) for invite in made} == {32}
    assert len(made) == 5


def test_ids_of_private_rooms_are_random(make_chat: MakeChat) -> None:
    """Each id has 128 random bits, and the creator cannot choose it."""
    chat = make_chat()

    rooms = [chat.does("alice", "createRoom", visibility="private") for _ in "12345"]

    assert len({room["room"]["roomId"] for room in rooms}) == 5
    for visibility in ("private", "public"):
        frame = {"action": "createRoom", "roomId": f"private-{'a' * 32}", "visibility": visibility}
        chat.rejects("alice", frame, "bad_request")


def test_dead_invites_make_no_work(make_chat: MakeChat) -> None:
    """A new invite reads no more, however many invites have expired or were used up before."""
    chat, most = make_chat(), 4
    table = Table(chat.client, chat.tables[1])
    invites = DynamoInvites(table, clock=chat.clock, invites_per_room=most)
    chat.stores = replace(chat.stores, invites=invites)
    den = {"roomId": chat.does("owner", "createRoom", visibility="private")["room"]["roomId"]}
    stored = []

    for _ in range(3 * most):
        invite = chat.does("owner", "createInvite", **den)["invite"]
        chat.does("friend", "joinRoom", **den, invite=invite)
        chat.does("friend", "leaveRoom", **den, forGood=True)
        stored.append(sum(item_keys.is_invite({"sk": sk}) for _, _, sk in chat.items()))
    for _ in range(3):
        for _ in range(most):
            chat.does("owner", "createInvite", **den, expiresInSeconds=60)
        chat.rejects("owner", {"action": "createInvite", **den}, "forbidden")
        chat.clock.advance(seconds=61)
        stored.append(sum(item_keys.is_invite({"sk": sk}) for _, _, sk in chat.items()))

    assert max(stored) == most
