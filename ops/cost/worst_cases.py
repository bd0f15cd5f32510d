"""Most that one request of each action can consume under the default limits.

`tests/contract/test_worst_cases.py` measures each row. The room has 780 connections of 60 users,
and the longest names, user ids and messages.
"""

from collections.abc import Mapping
from typing import NamedTuple


class WorstCase(NamedTuple):
    """Read and write request units of a request, and the kilobytes of its reply."""

    read_units: int
    write_units: int
    reply_kb: int


WORST_CASES: Mapping[str, WorstCase] = {
    "hello": WorstCase(1, 0, 1),
    "ping": WorstCase(0, 0, 1),
    "createRoom": WorstCase(0, 18, 1),
    "joinRoom": WorstCase(298, 13, 101),
    "leaveRoom": WorstCase(151, 10, 1),
    "sendMessage": WorstCase(118, 41, 17),
    "getHistory": WorstCase(47, 0, 100),
    "listMembers": WorstCase(151, 0, 34),
    "renew": WorstCase(1, 65, 1),
    "signOut": WorstCase(54, 57, 1),
    "listRooms": WorstCase(103, 0, 49),
    "listRoles": WorstCase(11, 0, 34),
    "updateRoom": WorstCase(121, 9, 1),
    "deleteRoom": WorstCase(131, 413, 1),
    "inviteMember": WorstCase(4, 13, 1),
    "createInvite": WorstCase(20, 16, 1),
    "listInvites": WorstCase(8, 0, 21),
    "revokeInvite": WorstCase(1, 11, 1),
    "setRole": WorstCase(267, 39, 1),
    "kickMember": WorstCase(296, 65, 1),
    "banMember": WorstCase(292, 65, 1),
    "unbanMember": WorstCase(2, 11, 1),
    "muteMember": WorstCase(267, 39, 1),
    "deleteMessage": WorstCase(127, 43, 1),
}

KINDS: Mapping[str, tuple[str, ...]] = {
    "messages": ("sendMessage", "deleteMessage"),
    "changes": (
        *("setRole", "muteMember", "kickMember", "banMember", "unbanMember"),
        *("updateRoom", "deleteRoom", "revokeInvite"),
    ),
    "joins": ("joinRoom", "createRoom", "inviteMember", "createInvite", "renew"),
    "reads": (
        *("hello", "getHistory", "listMembers", "listRooms", "listRoles", "listInvites"),
        *("leaveRoom", "signOut"),
    ),
    "frames": ("ping",),
}
"""Actions by the rate limit of a user that bounds how often they are carried out."""

ENDS_ITSELF = frozenset({"deleteRoom"})
"""Actions that delete what other actions have written before, so that they cannot be repeated."""
