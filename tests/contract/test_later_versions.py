"""Items as today's version has written them, and as a later version may write them.

During a deployment and after a rollback, this version meets the items of a later one. It reads
past unknown attributes, kinds of items, roles and visibilities. None of them permits anything.
"""

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from chat.domain.membership import Membership
from chat.logic import closing
from ops.user_data import Records
from tests.contract.stored_chat import CONNECTED, StoredChat, read_stored
from tests.security.all_actions import ACTIONS, frames
from tests.support.item_kinds import EXPIRES, kind_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TYPES = {"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"}
"""Types of DynamoDB:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

MODERATION = (
    "banMember",
    "createInvite",
    "deleteMessage",
    "deleteRoom",
    "inviteMember",
    "kickMember",
    "listInvites",
    "muteMember",
    "revokeInvite",
    "setRole",
    "unbanMember",
    "updateRoom",
)
"""Actions that need a rank, on a user or a message of others."""


@pytest.fixture(params=[False, True], ids=["as written", "with additions"])
def stored(
    request: pytest.FixtureRequest, emulator_dynamodb: "DynamoDBClient"
) -> Iterator[StoredChat]:
    """A chat on the stored items, as they are and with the additions of a later version."""
    chat = StoredChat(emulator_dynamodb, later=request.param)
    yield chat
    chat.drop()


@pytest.fixture
def bob(stored: StoredChat) -> str:
    """The user id of Bob, a member of the private room and moderator of the tea room."""
    return stored.user_id("bob")


def test_each_kind_of_item_is_stored_with_each_type() -> None:
    """The file has an item of every kind, and additions of every type of DynamoDB."""
    stored = read_stored()

    kinds = {kind_of(item) for name in ("connections", "rooms") for item in stored[name]}

    assert kinds == set(EXPIRES)
    assert {next(iter(value)) for value in stored["additions"].values()} == TYPES
    nested = stored["additions"]["laterMap"]["M"].values()
    assert {next(iter(value)) for value in nested} >= TYPES - {"M"}


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_reads_the_stored_items(
    emulator_dynamodb: "DynamoDBClient", action: str
) -> None:
    """Each action has the same outcome on the items with additions as on those without."""
    outcomes: list[list[tuple[str, str | None]]] = []
    for later in (False, True):
        chat = StoredChat(emulator_dynamodb, later=later)
        bob = chat.user_id("bob")
        replies = [
            chat.says(user, {**frame, **({"userId": bob} if "userId" in frame else {}), **room})
            for frame in frames(action)
            for user in CONNECTED
            for room in ([{"roomId": "tea"}, {"roomId": chat.den}] if "roomId" in frame else [{}])
        ]
        outcomes.append([(it["type"], it.get("code")) for it in replies])
        chat.drop()

    assert not any(code == "internal" for _, code in outcomes[1])
    assert outcomes[1] == outcomes[0]


def test_the_owner_uses_the_stored_rooms(stored: StoredChat, bob: str) -> None:
    """Pages, lists and messages have what was stored, and nothing of a later version."""
    page = stored.says("alice", {"action": "getHistory", "roomId": "tea"})
    rooms = stored.says("alice", {"action": "listRooms"})
    public = stored.says("alice", {"action": "listRooms", "which": "public"})
    members = stored.says("alice", {"action": "listMembers", "roomId": "tea"})
    roles = stored.says("alice", {"action": "listRoles", "roomId": "tea"})
    invites = stored.says("alice", {"action": "listInvites", "roomId": stored.den})
    sent = stored.says("alice", {"action": "sendMessage", "roomId": "tea", "text": "new"})

    assert [(m["seq"], m["text"]) for m in page["messages"]] == [(1, "first"), (2, ""), (4, "last")]
    assert {it["room"]["roomId"]: it["role"] for it in rooms["rooms"]} == {
        "tea": "owner",
        stored.den: "owner",
    }
    assert [it["room"]["roomId"] for it in public["rooms"]] == ["tea"]
    assert {it["name"] for it in members["members"]} == {"alice", "bob", "carol", "eve"}
    assert {it["userId"]: it.get("role") for it in roles["members"]} == {
        "u-alice": "owner",
        bob: "moderator",
    }
    assert len(invites["invites"]) == 1
    assert sent["type"] == "messageSent", sent


def test_connections_open_resume_and_close(stored: StoredChat) -> None:
    """Handshakes, resuming, disconnections and the closer read the stored items."""
    resumed = stored.says("bob.phone", {"action": "joinRoom", "roomId": "tea", "after": 1})
    end = str(int(stored.clock.now().timestamp()) + 600)
    banned, revoked = (
        stored.is_let_in(user, userId=f"u-{user}", name=user, expiresAt=end, tokenId=token)
        for user, token in (("grace", "grace's first"), ("frank", "frank's first"))
    )
    stored.hangs_up("bob")
    stored.clock.advance(minutes=90)
    closing.close_expired(stored.services)

    assert resumed["type"] == "roomJoined", resumed
    assert (banned, revoked) == (403, 401)
    assert stored.says("alice", {"action": "hello"})["code"] == "unauthorized"


def test_the_export_has_what_a_later_version_stores(
    stored: StoredChat, emulator_dynamodb: "DynamoDBClient"
) -> None:
    """An export is complete: it has the unknown attributes, as JSON. Erasing empties messages."""
    records = Records(emulator_dynamodb, *stored.tables)

    exported = records.export("u-alice")
    records.erase("u-alice", say=lambda _: None)

    room = next(it for it in exported["rooms"] if it["sk"] == "USER")
    if "laterText" in room:
        assert room["laterBinary"] == "AAEC/w=="
        assert room["laterNumber"] == "-12345678901234567890.123456789012345678"
    erased = stored.item(1, "ROOM#tea", "MESSAGE#0000000000000001")
    assert erased["text"] == {"S": ""}


@pytest.mark.parametrize("room", ["tea", "den"])
@pytest.mark.parametrize("action", MODERATION)
def test_an_unknown_role_permits_nothing(
    stored: StoredChat, bob: str, action: str, room: str
) -> None:
    """A user with a role of a later version may do no more than a visitor."""
    room_id = stored.den if room == "den" else room
    stored.set_attribute(1, f"ROOM#{room_id}", f"MEMBER#{bob}", "role", {"S": "emperor"})
    frame = {**next(frames(action)), "roomId": room_id}
    if "userId" in frame:
        frame["userId"] = stored.user_id("carol")

    reply = stored.says("bob", frame)

    assert reply.get("code") in {"forbidden", "room_not_found", "bad_request"}, reply


def test_an_unknown_role_is_no_membership(stored: StoredChat, bob: str) -> None:
    """A new connection cannot join the private room. An invite does not replace the role."""
    stored.set_attribute(1, f"ROOM#{stored.den}", f"MEMBER#{bob}", "role", {"S": "suspended"})
    made = stored.says("alice", {"action": "createInvite", "roomId": stored.den})

    joined = stored.says(
        "bob.phone", {"action": "joinRoom", "roomId": stored.den, "invite": made["invite"]}
    )

    assert joined["code"] == "room_not_found", joined
    assert stored.item(1, f"ROOM#{stored.den}", f"MEMBER#{bob}")["role"] == {"S": "suspended"}


def test_only_owners_change_an_unknown_role(stored: StoredChat, bob: str) -> None:
    """A moderator cannot. A mute keeps the role, and a new role is not counted again."""
    stored.set_attribute(1, "ROOM#tea", f"MEMBER#{bob}", "role", {"S": "emperor"})
    carol = stored.user_id("carol")
    stored.set_attribute(1, "ROOM#tea", f"MEMBER#{carol}", "role", {"S": "moderator"})
    target = {"roomId": "tea", "userId": bob}
    counted = stored.item(1, "ROOM#tea", "ROOM")["memberships"]

    refused = stored.says("carol", {"action": "banMember", **target})
    muted = stored.says("alice", {"action": "muteMember", **target, "seconds": 60})
    kept = stored.item(1, "ROOM#tea", f"MEMBER#{bob}")["role"]
    listed = stored.says("alice", {"action": "listRoles", "roomId": "tea"})["members"]
    given = stored.says("alice", {"action": "setRole", **target, "role": "member"})

    assert refused["code"] == "forbidden"
    assert (muted["type"], kept) == ("memberMuted", {"S": "emperor"})
    assert [it.get("role") for it in listed if it["userId"] == bob] == [None]
    assert given["type"] == "roleSet"
    assert stored.item(1, "ROOM#tea", "ROOM")["memberships"] == counted


def test_an_unknown_visibility_opens_no_room(stored: StoredChat) -> None:
    """A room with a visibility of a later version counts as private."""
    stored.set_attribute(1, f"ROOM#{stored.den}", "ROOM", "visibility", {"S": "secret"})

    joined = stored.says("carol", {"action": "joinRoom", "roomId": stored.den})

    assert joined["code"] == "room_not_found"


def test_a_new_role_replaces_an_unknown_one() -> None:
    """With another role, nothing of the unknown role is left."""
    unknown = Membership("tea", "u-bob", later_role="emperor")

    assert unknown.is_permanent
    assert unknown.with_role(None).is_default
    assert dataclasses.replace(unknown, name="Bob").stored_role == "emperor"
