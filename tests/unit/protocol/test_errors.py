"""docs/protocol.md: each error that a request's section lists is one that the request gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from chat.protocol import REPLIES
from tests.support.protocol.conversation import Conversation
from tests.support.protocol.document import load
from tests.support.protocol.scenarios import ALICE_TOKEN, SCENARIOS

TEA = {"roomId": "tea"}
NOWHERE = {"roomId": "nowhere"}
INVITE = {"inviteId": "0" * 64}
BOB = {**TEA, "userId": "bob"}
ALICE = {**TEA, "userId": "alice"}
LONG_NAME = "x" * 65
LONG_USER = {**TEA, "userId": "é" * 200}
"""A user id of 400 bytes, which has fewer characters than the schema allows."""


@dataclass(frozen=True)
class Case:
    """A request that gets an error, the last time that it is sent."""

    sender: str
    fields: Mapping[str, Any]
    scenario: str = "listMembers"
    """The section whose scenario comes before: Alice owns `tea`, Bob is in it, Carol is not."""
    times: int = 1


CASES: Mapping[tuple[str, str], Case] = {
    ("renew", "unauthorized"): Case("alice", {"token": "no token"}),
    ("renew", "forbidden"): Case("bob", {"token": ALICE_TOKEN}, scenario="renew"),
    ("createRoom", "bad_request"): Case("bob", {"roomId": "private-team"}),
    ("createRoom", "too_large"): Case("bob", {"name": LONG_NAME}),
    ("createRoom", "room_exists"): Case("bob", TEA),
    ("createRoom", "forbidden"): Case("carol", {}, times=51),
    ("createRoom", "rate_limited"): Case("carol", {}, times=121),
    ("joinRoom", "room_not_found"): Case("bob", NOWHERE),
    ("joinRoom", "forbidden"): Case("bob", TEA, scenario="unbanMember"),
    ("joinRoom", "rate_limited"): Case("bob", TEA, times=121),
    ("leaveRoom", "not_a_member"): Case("carol", TEA),
    ("leaveRoom", "room_not_found"): Case("bob", NOWHERE),
    ("leaveRoom", "forbidden"): Case("alice", {**TEA, "forGood": True}),
    ("sendMessage", "bad_request"): Case("bob", {**TEA, "text": " "}),
    ("sendMessage", "too_large"): Case("bob", {**TEA, "text": "x" * 4_001}),
    ("sendMessage", "not_a_member"): Case("carol", {**TEA, "text": "hi"}),
    ("sendMessage", "room_not_found"): Case("bob", {**NOWHERE, "text": "hi"}),
    ("sendMessage", "forbidden"): Case("bob", {**TEA, "text": "hi"}, scenario="sendMessage"),
    ("sendMessage", "not_reviewed"): Case("alice", {**TEA, "text": "hi"}, scenario="Review"),
    ("sendMessage", "rate_limited"): Case("bob", {**TEA, "text": "hi"}, times=21),
    ("getHistory", "bad_request"): Case("bob", {**TEA, "limit": 101}),
    ("getHistory", "not_a_member"): Case("carol", TEA),
    ("getHistory", "room_not_found"): Case("bob", NOWHERE),
    ("listMembers", "not_a_member"): Case("carol", TEA),
    ("listMembers", "room_not_found"): Case("bob", NOWHERE),
    ("updateRoom", "bad_request"): Case("alice", TEA),
    ("updateRoom", "too_large"): Case("alice", {**TEA, "name": LONG_NAME}),
    ("updateRoom", "forbidden"): Case("bob", {**TEA, "name": "Mine"}),
    ("updateRoom", "room_not_found"): Case("bob", {**NOWHERE, "name": "Mine"}),
    ("updateRoom", "rate_limited"): Case("alice", {**TEA, "name": "Green tea"}, times=21),
    ("deleteRoom", "forbidden"): Case("bob", TEA),
    ("deleteRoom", "room_not_found"): Case("bob", NOWHERE),
    ("listRoles", "forbidden"): Case("bob", {**TEA, "banned": True}),
    ("listRoles", "too_large"): Case("bob", {**TEA, "cursor": "é" * 200}),
    ("listRoles", "room_not_found"): Case("bob", NOWHERE),
    ("setRole", "bad_request"): Case("alice", {**TEA, "userId": "nobody", "role": "member"}),
    ("setRole", "too_large"): Case("alice", {**LONG_USER, "role": "member"}),
    ("setRole", "forbidden"): Case("alice", {**ALICE, "role": "member"}),
    ("setRole", "room_not_found"): Case("alice", {**BOB, **NOWHERE, "role": "member"}),
    ("setRole", "rate_limited"): Case("alice", {**BOB, "role": "member"}, times=21),
    ("inviteMember", "bad_request"): Case("alice", {**BOB, "name": " "}),
    ("inviteMember", "too_large"): Case("alice", {**BOB, "name": LONG_NAME}),
    ("inviteMember", "forbidden"): Case("bob", ALICE),
    ("inviteMember", "room_not_found"): Case("alice", {**BOB, **NOWHERE}),
    ("inviteMember", "rate_limited"): Case("alice", BOB, times=121),
    ("createInvite", "forbidden"): Case("bob", TEA),
    ("createInvite", "room_not_found"): Case("bob", NOWHERE),
    ("createInvite", "rate_limited"): Case("alice", TEA, times=121),
    ("listInvites", "forbidden"): Case("bob", TEA),
    ("listInvites", "room_not_found"): Case("bob", NOWHERE),
    ("revokeInvite", "forbidden"): Case("bob", {**TEA, **INVITE}),
    ("revokeInvite", "room_not_found"): Case("bob", {**NOWHERE, **INVITE}),
    ("revokeInvite", "rate_limited"): Case("alice", {**TEA, **INVITE}, times=21),
    **{
        case: item
        for action, more in {
            "kickMember": {},
            "banMember": {},
            "muteMember": {"seconds": 1},
        }.items()
        for case, item in {
            (action, "bad_request"): Case("alice", {**ALICE, **more}),
            (action, "too_large"): Case("alice", {**LONG_USER, **more}),
            (action, "forbidden"): Case("bob", {**ALICE, **more}, scenario="Roles"),
            (action, "room_not_found"): Case("alice", {**BOB, **NOWHERE, **more}),
            (action, "rate_limited"): Case("alice", {**BOB, **more}, times=21),
        }.items()
    },
    ("unbanMember", "too_large"): Case("alice", LONG_USER),
    ("unbanMember", "forbidden"): Case("bob", ALICE),
    ("unbanMember", "room_not_found"): Case("alice", {**BOB, **NOWHERE}),
    ("unbanMember", "rate_limited"): Case("alice", BOB, times=21),
    ("deleteMessage", "bad_request"): Case("alice", {**TEA, "seq": 9}),
    ("deleteMessage", "not_a_member"): Case("carol", {**TEA, "seq": 1}),
    ("deleteMessage", "room_not_found"): Case("alice", {**NOWHERE, "seq": 1}),
    ("deleteMessage", "forbidden"): Case("bob", {**TEA, "seq": 2}, scenario="deleteMessage"),
}

ELSEWHERE = {
    ("signOut", "forbidden"): "unit/handlers/test_sign_out.py",  # needs a guest
    ("signOut", "unauthorized"): "unit/handlers/test_sign_out.py",  # needs an older connection
    # A conflict needs two requests at once:
    ("leaveRoom", "rate_limited"): "reliability/model/test_interleavings.py",
    ("deleteRoom", "rate_limited"): "reliability/model/test_interleavings.py",
    ("deleteMessage", "rate_limited"): "reliability/model/test_interleavings.py",
    ("signOut", "rate_limited"): "unit/handlers/test_sign_out.py",
}
"""Errors that another test provokes."""


def test_each_documented_error_has_a_case() -> None:
    """The sections list the errors of the table, and no others."""
    actions = {str(request.__struct_config__.tag) for request in REPLIES}
    documented = {
        (section.title, code.strip("`"))
        for section in load()
        if section.title in actions
        for code, _ in section.rows("code") or ()
    }

    assert documented == CASES.keys() | ELSEWHERE.keys()


@pytest.mark.parametrize("key", CASES, ids=" ".join)
def test_the_request_gets_the_error(key: tuple[str, str]) -> None:
    """The chat in memory rejects the request with the code of the page."""
    action, code = key
    case, talk = CASES[key], Conversation()
    SCENARIOS[case.scenario](talk)

    for _ in range(case.times):
        reply = talk.sends(case.sender, action=action, **case.fields)

    assert reply.get("code") == code, reply
