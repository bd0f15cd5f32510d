"""Private rooms do not exist for users who are not members."""

from tests.conformance.client import Connect, ValidatingClient, own_rooms
from tests.support.clients.websocket import Frame

NEVER_WAS = f"private-{0:032}"
AT_BOB: dict[str, object] = {"userId": "guest-0"}
ASKED: dict[str, dict[str, object]] = {
    "joinRoom": {},
    "listRoles": {},
    "updateRoom": {"name": "x"},
    "deleteRoom": {},
    "createInvite": {},
    "listInvites": {},
    "revokeInvite": {"inviteId": "0" * 64},
    "inviteMember": AT_BOB,
    "kickMember": AT_BOB,
    "banMember": AT_BOB,
    "unbanMember": AT_BOB,
    "setRole": {**AT_BOB, "role": "member"},
    "muteMember": {**AT_BOB, "seconds": 1},
    "sendMessage": {"text": "hi"},
    "getHistory": {},
    "listMembers": {},
    "leaveRoom": {},
    "deleteMessage": {"seq": 1},
}


def bare(error: Frame) -> Frame:
    return {name: value for name, value in error.items() if name != "requestId"}


def test_ids_are_made_up(private: str, speaker: ValidatingClient) -> None:
    """The server chooses a private room's id; it begins with `private-`, and no other id may."""
    assert private.startswith("private-")
    for fields in ({"roomId": "private-tea"}, {"roomId": "tea", "visibility": "private"}):
        assert speaker.refused("createRoom", **fields) == "bad_request"


def test_a_private_room_is_not_found_by_others(bob: ValidatingClient, private: str) -> None:
    """A request of others about a private room is answered as if there were no such room."""
    for action, fields in ASKED.items():
        there = bob.get(action, "error", roomId=private, **fields)
        never = bob.get(action, "error", roomId=NEVER_WAS, **fields)

        assert there["code"] == "room_not_found", action
        assert bare(there) == bare(never), action


def test_a_private_room_is_in_no_list_of_others(
    alice: ValidatingClient, bob: ValidatingClient, private: str
) -> None:
    """A private room is in its members' lists, and never in the public one."""
    assert private in own_rooms(alice)
    assert private not in own_rooms(bob)
    assert private not in own_rooms(alice, which="public")


def test_an_invite_counts_as_often_as_it_says(
    alice: ValidatingClient, bob: ValidatingClient, private: str
) -> None:
    """An invite counts for as many users as it says; a wrong or used one is `room_not_found`."""
    made = alice.get("createInvite", "inviteCreated", roomId=private)
    secret = made["invite"]

    assert bob.refused("joinRoom", roomId=private, invite="x" * 32) == "room_not_found"
    joined = bob.get("joinRoom", "roomJoined", roomId=private, invite=secret)
    alice.get("kickMember", "memberKicked", roomId=private, userId=bob.user_id())

    assert (len(secret), made["uses"]) == (32, 1)
    assert joined["room"]["visibility"] == "private"
    assert bob.refused("joinRoom", roomId=private, invite=secret) == "room_not_found"


def test_a_revoked_invite_opens_nothing(
    alice: ValidatingClient, bob: ValidatingClient, private: str
) -> None:
    """`listInvites` has every open invite without its secret, and `revokeInvite` ends it."""
    made = alice.get("createInvite", "inviteCreated", roomId=private, uses=2)

    listed = alice.get("listInvites", "invites", roomId=private)["invites"]
    assert [(it["inviteId"], it["uses"]) for it in listed] == [(made["inviteId"], 2)]
    assert made["invite"] not in str(listed)
    alice.get("revokeInvite", "inviteRevoked", roomId=private, inviteId=made["inviteId"])

    assert alice.get("listInvites", "invites", roomId=private)["invites"] == []
    refused = bob.refused("joinRoom", roomId=private, invite=made["invite"])
    assert refused == "room_not_found"


def test_an_invited_user_is_a_member(
    alice: ValidatingClient, bob: ValidatingClient, connect: Connect, private: str
) -> None:
    """`inviteMember` reaches all connections of the user, who is a member from then on."""
    alice.get("inviteMember", "memberInvited", roomId=private, userId=bob.user_id())

    invited = bob.next_event("invited")

    assert (invited["room"]["roomId"], invited["by"]["userId"]) == (private, alice.user_id())
    assert own_rooms(bob)[private]["role"] == "member"
    connect("bob").get("joinRoom", "roomJoined", roomId=private)


def test_a_private_room_becomes_public(
    alice: ValidatingClient, bob: ValidatingClient, private: str
) -> None:
    """`updateRoom` makes a private room public, and never a public one private."""
    alice.get("updateRoom", "roomUpdated", roomId=private, visibility="public")

    assert bob.get("joinRoom", "roomJoined", roomId=private)
    again = alice.get("updateRoom", "error", roomId=private, visibility="private")
    assert again["code"] == "bad_request"
