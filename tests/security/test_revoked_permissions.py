"""Permissions that are revoked or expire during a request: the request changes nothing."""

import re
from datetime import timedelta
from functools import partial

import pytest

from tests.reliability.model.scheduler import interleaved
from tests.security.attacked_chat import MakeChat
from tests.security.attacked_rooms import TEA, AttackedRooms
from tests.security.concurrent_requests import (
    Work,
    first_for,
    halted_until,
    on,
    requests,
)
from tests.security.role_table import ROWS
from tests.support.harness import Frame

NOT_FOR_VISITORS = {
    action for what, *cells in ROWS if "no" in cells[:2] for action in re.findall(r"`(\w+)`", what)
}
"""The actions that visitors may not take, by the protocol's table. Each has its frame below."""

FRAMES_OF_ACTIONS: dict[str, Frame] = {
    "setRole": on("setRole", "visitor", role="owner"),
    "inviteMember": on("inviteMember", "stranger"),
    "createInvite": {"action": "createInvite", **TEA},
    "listInvites": {"action": "listInvites", **TEA},
    "revokeInvite": {"action": "revokeInvite", **TEA, "inviteId": "0" * 64},
    "updateRoom": {"action": "updateRoom", **TEA, "name": "Mine"},
    "kickMember": on("kickMember", "member"),
    "banMember": on("banMember", "visitor"),
    "unbanMember": on("unbanMember", "banned"),
    "muteMember": on("muteMember", "visitor", seconds=60),
    "deleteMessage": {"action": "deleteMessage", **TEA},
    "deleteRoom": {"action": "deleteRoom", **TEA},
}


@pytest.mark.parametrize("action", sorted(NOT_FOR_VISITORS))
def test_a_demoted_owner_changes_nothing_more(rooms: AttackedRooms, action: str) -> None:
    """An owner's request takes effect before the demotion is acknowledged, or never."""
    chat, frame = rooms.chat, FRAMES_OF_ACTIONS[action]
    chat.does("owner2.phone", "ping")
    if action == "deleteMessage":
        frame = {**frame, "seq": rooms.seqs["tea"]["visitor"]}

    demotion = partial(chat.says, "owner2.phone", on("setRole", "owner2", role="member"))
    for done, demoted, is_settled in halted_until(chat, ("owner2", frame), demotion, room_id="tea"):
        assert done.get("code") in (None, "forbidden")
        if action == "deleteRoom" and done["type"] != "error":
            assert demoted.get("code") == "room_not_found"  # the room was deleted before
            continue
        assert demoted["type"] == "roleSet"
        assert is_settled


SOON = timedelta(milliseconds=5)


@pytest.mark.parametrize(
    ("action", "code"),
    [("banMember", "not_a_member"), ("kickMember", "not_a_member"), ("muteMember", "forbidden")],
)
def test_a_renewal_at_expiry_does_not_avoid_moderation(
    make_chat: MakeChat, action: str, code: str
) -> None:
    """A ban, kick or mute during a renewal at the token's expiry applies to that connection too."""
    chat = make_chat()
    later = chat.clock.now() + timedelta(minutes=110)
    for who in ("owner", "mallory"):
        token = chat.token(who, exp=later if who == "owner" else later - timedelta(minutes=50))
        chat.replies[who] = []
        assert chat.handshake(who, {"Authorization": f"Bearer {token}"}) == 200
    chat.does("owner", "createRoom", **TEA)
    chat.does("mallory", "joinRoom", **TEA)
    last = later - timedelta(minutes=50) - SOON
    renew: Frame = {"action": "renew", "token": chat.token("mallory", exp=later)}
    against = on(action, "mallory", **({"seconds": 600} if action == "muteMember" else {}))

    def acts() -> Frame:
        chat.clock.advance(seconds=1)
        return chat.says("owner", against)

    chat.clock.time = last
    for steps in range(1, requests(chat, ("mallory", renew)) + 1):
        with chat.undone():
            chat.clock.time = last
            work: list[Work] = [partial(chat.says, "mallory", renew), acts]
            renewed, acted = interleaved(chat.client, work, first_for(steps))
            assert acted["type"] != "error"
            speak = chat.says("mallory", {"action": "sendMessage", **TEA, "text": "still here"})
            assert speak["code"] == ("unauthorized" if renewed["type"] == "error" else code)
