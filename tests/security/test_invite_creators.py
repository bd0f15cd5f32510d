"""Invites whose creator may not invite, and revoked invites: they open nothing."""

from collections.abc import Callable, Mapping
from functools import partial

import pytest

from ops.user_data import Records
from tests.security.attacked_chat import AttackedChat
from tests.security.attacked_rooms import ABSENT_ROOM, AttackedRooms
from tests.security.concurrent_requests import halted_until
from tests.support.harness import Frame

Removal = Callable[[AttackedChat, str], Frame]


def by_owner(action: str, **fields: str) -> Removal:
    """Return the removal of the moderator by an owner's action."""
    frame = {"action": action, "userId": "u-moderator", **fields}
    return lambda chat, room_id: chat.says("owner", {**frame, "roomId": room_id})


def leaves(chat: AttackedChat, room_id: str) -> Frame:
    """Let the moderator leave permanently, on another device than the one that is attacked."""
    chat.does("moderator.phone", "joinRoom", roomId=room_id)
    return chat.does("moderator.phone", "leaveRoom", roomId=room_id, forGood=True)


def is_erased(chat: AttackedChat, _: str) -> Frame:
    """Erase the moderator as an operator does."""
    erased = Records(chat.client, *chat.tables).erase("u-moderator", say=lambda _: None)
    assert erased
    return {"type": "erased"}


REMOVALS: Mapping[str, Removal] = {
    "banned": by_owner("banMember"),
    "kicked": by_owner("kickMember"),
    "demoted": by_owner("setRole", role="member"),
    "muted": lambda chat, room_id: chat.says(
        "owner",
        {"action": "muteMember", "roomId": room_id, "userId": "u-moderator", "seconds": 60},
    ),
    "left": leaves,
    "erased": is_erased,
}
"""The ways in which a creator loses the right to invite."""


def create_invite(rooms: AttackedRooms, who: str = "moderator") -> Frame:
    """Create an invite for the private room, and return the reply."""
    return rooms.chat.does(who, "createInvite", roomId=rooms.private_id, uses=9)


def join(room_id: str, invite: object) -> Frame:
    """Return a frame that joins a room with an invite."""
    return {"action": "joinRoom", "roomId": room_id, "invite": invite}


@pytest.mark.parametrize("who", ["stranger", "kicked", "moderator"])
@pytest.mark.parametrize("remove", REMOVALS.values(), ids=REMOVALS.keys())
def test_invites_of_removed_creators_open_nothing(
    rooms: AttackedRooms, remove: Removal, who: str
) -> None:
    """The reply is that of an absent room, also for the creator."""
    chat = rooms.chat
    with chat.undone():
        invite = create_invite(rooms)["invite"]
        assert remove(chat, rooms.private_id)["type"] != "error"
        device = f"{who}.new"
        if chat.stores.memberships.of(rooms.private_id, f"u-{who}").role:
            return  # a demoted creator is still a member, who needs no invite

        private = chat.rejects(device, join(rooms.private_id, invite), "room_not_found")

        assert private == chat.says(device, join(ABSENT_ROOM, invite))


@pytest.mark.parametrize("remove", REMOVALS.values(), ids=REMOVALS.keys())
def test_a_removal_of_the_creator_during_a_join(rooms: AttackedRooms, remove: Removal) -> None:
    """The join takes effect before the removal is acknowledged, or never."""
    chat = rooms.chat
    with chat.undone():
        frame = join(rooms.private_id, create_invite(rooms)["invite"])
        chat.does("stranger", "ping")
        removal = partial(remove, chat, rooms.private_id)

        for joined, removed, is_settled in halted_until(
            chat, ("stranger", frame), removal, room_id=rooms.private_id
        ):
            assert joined.get("code") in (None, "room_not_found")
            assert removed["type"] != "error"
            assert is_settled
            chat.rejects("kicked", frame, "room_not_found")


def test_an_invite_without_a_creator_opens_nothing(rooms: AttackedRooms) -> None:
    """Invites that were stored before creators were stored open nothing, and are not listed."""
    chat = rooms.chat
    with chat.undone():
        made = create_invite(rooms)
        chat.client.update_item(
            TableName=chat.tables[1],
            Key={
                "pk": {"S": f"ROOM#{rooms.private_id}"},
                "sk": {"S": f"INVITE#{made['inviteId']}"},
            },
            UpdateExpression="REMOVE createdBy",
        )

        chat.rejects("stranger", join(rooms.private_id, made["invite"]), "room_not_found")
        assert not chat.does("owner", "listInvites", roomId=rooms.private_id)["invites"]


@pytest.mark.parametrize("who", ["owner", "moderator2"])
def test_revoked_invites_open_nothing(rooms: AttackedRooms, who: str) -> None:
    """Owners and moderators revoke invites of each other, and a repetition changes nothing."""
    chat, here = rooms.chat, {"roomId": rooms.private_id}
    with chat.undone():
        made, kept = create_invite(rooms), create_invite(rooms)
        revoke = {**here, "inviteId": made["inviteId"]}

        chat.does(who, "revokeInvite", **revoke)

        chat.rejects("stranger", join(rooms.private_id, made["invite"]), "room_not_found")
        with chat.nothing_happens():
            chat.does(who, "revokeInvite", **revoke)
        chat.does("stranger", **join(rooms.private_id, kept["invite"]))


def test_a_revocation_during_a_join(rooms: AttackedRooms) -> None:
    """The join takes effect before the revocation is acknowledged, or never."""
    chat, here = rooms.chat, {"roomId": rooms.private_id}
    with chat.undone():
        made = create_invite(rooms)
        frame = join(rooms.private_id, made["invite"])
        chat.does("stranger", "ping")
        revocation = partial(chat.does, "owner", "revokeInvite", **here, inviteId=made["inviteId"])

        for joined, _, is_settled in halted_until(
            chat, ("stranger", frame), revocation, room_id=rooms.private_id
        ):
            assert joined.get("code") in (None, "room_not_found")
            assert is_settled


def test_a_room_revokes_only_its_own_invites(rooms: AttackedRooms) -> None:
    """An owner of another room revokes nothing here by the id of an invite."""
    chat = rooms.chat
    with chat.undone():
        made = create_invite(rooms)
        other = chat.does("stranger", "createRoom", visibility="private")["room"]["roomId"]

        with chat.nothing_happens():
            chat.does("stranger", "revokeInvite", roomId=other, inviteId=made["inviteId"])

        chat.does("kicked", **join(rooms.private_id, made["invite"]))


def test_the_list_reveals_no_secret(rooms: AttackedRooms) -> None:
    """The list has the ids of invites, which open nothing."""
    chat = rooms.chat
    with chat.undone():
        made = create_invite(rooms, "owner")

        listed = chat.does("moderator", "listInvites", roomId=rooms.private_id)

        assert made["invite"] not in str(listed)
        assert listed["invites"] == [
            {
                "inviteId": made["inviteId"],
                "createdBy": "u-owner",
                "expiresAt": made["expiresAt"],
                "uses": 9,
            }
        ]
        stolen = join(rooms.private_id, made["inviteId"])
        chat.rejects("stranger", stolen, "room_not_found")
