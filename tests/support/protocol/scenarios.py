"""Scenarios: the events before the examples of each section of docs/protocol.md."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

from chat.domain.identity import Identity
from chat.review.review import HookError, HookReview
from tests.support.fakes.rate_limits import FakeRateLimiter
from tests.support.protocol.conversation import START, TOKEN_LIFE, Conversation
from tests.support.stores import UNBOUNDED

ALICE_TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.bmV3LXNpZ25hdHVyZQ"
PRIVATE_ROOM = "private-7b2fd5a6c0b14b8f9d3c2a51e0f6d487"
INVITE = "Jq3vXt7_0aLm9RkWc2YbZe5oHsUdNf1g"
INVITE_ID = "a483b034d8e63a93c0dcca003d01d8cd3b40ed800c24371bae7191db56268e15"
EPOCH = "3f9d1c27a85be604"

MOST_STRIKES = 104
"""Strikes at once that do not disconnect a user; they are counted in batches of 5."""

Scenario = Callable[[Conversation], None]


def _review(question: bytes) -> bytes:
    """Reject advertising, and answer nothing else."""
    if b"cheap" in question:
        return b'{"allow": false, "reason": "no advertising"}'
    raise HookError("late")


class _Broken:
    """A store whose database fails."""

    def get(self, connection_id: str) -> NoReturn:
        raise OSError(connection_id)


def _nothing(_: Conversation) -> None:
    """Leave the chat empty."""


def _bob_is_connected(talk: Conversation) -> None:
    """Connect Alice and Bob."""
    talk.connect("alice", "bob")


def _tea(talk: Conversation) -> None:
    """Let Alice create `tea`."""
    talk.connect("alice", "bob")
    reply = talk.sends("alice", action="createRoom", roomId="tea", name="Tea room")
    talk.bind(EPOCH, reply["room"]["epoch"])


def _both(talk: Conversation) -> None:
    """Let Bob join it, as a visitor."""
    _tea(talk)
    talk.sends("bob", action="joinRoom", roomId="tea")


def _moderated(talk: Conversation) -> None:
    """Make Bob a moderator."""
    _both(talk)
    talk.sends("alice", action="setRole", roomId="tea", userId="bob", role="moderator")


def _muted(talk: Conversation) -> None:
    _both(talk)
    talk.sends("alice", action="muteMember", roomId="tea", userId="bob", seconds=60)


def _banned(talk: Conversation) -> None:
    _both(talk)
    talk.sends("alice", action="banMember", roomId="tea", userId="bob")


def _said(talk: Conversation) -> None:
    """Let Alice send a message to Bob."""
    _both(talk)
    talk.sends("alice", action="sendMessage", roomId="tea", text="Hello!")


def _log(talk: Conversation) -> None:
    """Let Alice and Bob send three messages."""
    _both(talk)
    for user, text in (("alice", "Hello!"), ("bob", "Hi, Alice."), ("alice", "Tea?")):
        talk.sends(user, action="sendMessage", roomId="tea", text=text)


def _missed(talk: Conversation) -> None:
    """Replace Bob's connection, which he lost after the first of three messages."""
    _said(talk)
    talk.chat.hangs_up("bob")
    for text in ("Is anybody here?", "Tea is ready."):
        talk.sends("alice", action="sendMessage", roomId="tea", text=text)
    talk.chat.push.closed.discard("bob")
    talk.connect("bob")


def _two_messages(talk: Conversation) -> None:
    """Let Bob send a message, and then Alice."""
    _both(talk)
    talk.sends("bob", action="sendMessage", roomId="tea", text="Oops")
    talk.sends("alice", action="sendMessage", roomId="tea", text="Hello!")


def _own_rooms(talk: Conversation) -> None:
    _both(talk)
    talk.sends("bob", action="createRoom", roomId="zoo", name="Zoo")


def _private(talk: Conversation) -> None:
    """Let Alice create a private room, without Bob and Carol."""
    talk.connect("alice", "bob", "carol")
    reply = talk.sends("alice", action="createRoom", name="Team", visibility="private")
    talk.bind(PRIVATE_ROOM, reply["room"]["roomId"])


def _invite(talk: Conversation) -> None:
    """Let Alice create an invite for a private room."""
    _private(talk)
    reply = talk.sends("alice", action="createInvite", roomId=PRIVATE_ROOM, uses=5)
    talk.bind(INVITE, reply["invite"])
    talk.bind(INVITE_ID, reply["inviteId"])


def _tea_and_carol(talk: Conversation) -> None:
    """Connect Carol, outside of the room."""
    _both(talk)
    talk.connect("carol")


def _token(talk: Conversation) -> None:
    """Give Alice a token that lasts an hour longer."""
    talk.connect("alice", "bob")
    later = START + TOKEN_LIFE + timedelta(hours=1)
    identity = Identity("alice", "Alice", expires_at=later, token_id="new")
    talk.chat.verifier.good[ALICE_TOKEN] = identity


def _burst(talk: Conversation) -> None:
    """Let Alice send as much at once as a connection may."""
    _tea(talk)
    for n in range(20):
        talk.sends("alice", action="sendMessage", roomId="tea", text=f"Message {n + 1}")


def _flood(talk: Conversation) -> None:
    """Let Alice ignore as many `rate_limited` replies as a user may."""
    _burst(talk)
    for _ in range(MOST_STRIKES + 1):  # the first of them ignores none
        talk.sends("alice", action="sendMessage", roomId="tea", text="And another")


def _reviewed(talk: Conversation) -> None:
    """Set a review that rejects advertising, and answers nothing else."""
    talk.chat.review = HookReview(_review, failure="closed", text_length=4_000)
    _tea(talk)


def _broken(talk: Conversation) -> None:
    """Let the database fail."""
    talk.connect("alice")
    broken = FakeRateLimiter(
        talk.chat.clock,
        rates=UNBOUNDED,
        connections=_Broken(),  # type: ignore[arg-type]  # it has no other method
    )
    talk.chat.stores = replace(talk.chat.stores, rate_limiter=broken)


SCENARIOS: Mapping[str, Scenario] = {
    "Every request": _nothing,
    "Every reply": _nothing,
    "Every event": _both,
    "error": _tea,
    "hello": _nothing,
    "ping": _nothing,
    "renew": _token,
    "signOut": _nothing,
    "createRoom": _bob_is_connected,
    "joinRoom": _said,
    "leaveRoom": _both,
    "sendMessage": _muted,
    "getHistory": _log,
    "listMembers": _tea_and_carol,
    "listRooms": _own_rooms,
    "updateRoom": _both,
    "deleteRoom": _both,
    "listRoles": _both,
    "setRole": _both,
    "inviteMember": _tea_and_carol,
    "createInvite": _private,
    "listInvites": _invite,
    "revokeInvite": _invite,
    "kickMember": _both,
    "banMember": _both,
    "unbanMember": _banned,
    "muteMember": _both,
    "deleteMessage": _two_messages,
    "message": _both,
    "memberJoined": _tea,
    "memberLeft": _both,
    "memberChanged": _both,
    "messageChanged": _said,
    "roomChanged": _both,
    "removed": _both,
    "invited": _tea_and_carol,
    "Public and private rooms": _private,
    "Members of a private room": _private,
    "Roles": _moderated,
    "Order": _log,
    "Duplicates": _both,
    "Resuming": _missed,
    "Pages": _log,
    "Presence": _both,
    "Rate limits": _burst,
    "Flooding": _flood,
    "Review": _reviewed,
    "Errors": _broken,
    "Frames of API Gateway": _nothing,
    "API Gateway's limits": _nothing,
}
"""By the title of the section; a section with examples and without a scenario fails."""
