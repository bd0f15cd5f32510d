"""The worst case of each action: ops/cost/worst_cases.py, measured."""

from typing import TYPE_CHECKING, Any

import pytest

from chat.protocol import REQUEST_TYPES
from ops.cost.worst_cases import KINDS, WORST_CASES
from tests.contract.worst_case_chat import LONG_NAME, LONG_TEXT, WorstCaseChat, long_id
from tests.infrastructure.synthesis import PROJECT
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import Frame

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

TEA: dict[str, Any] = {"roomId": "tea"}


def to(n: int, **fields: Any) -> Frame:
    """Return the fields of a request about a user of the tea room, or about a stranger."""
    return {**TEA, "userId": long_id(n), **fields}


STRANGER = 900

FRAMES: dict[str, tuple[str, Frame]] = {
    "hello": ("alice", {}),
    "ping": ("alice", {}),
    "createRoom": ("bob", {"name": LONG_NAME}),
    "joinRoom": ("bob", TEA),
    "leaveRoom": ("alice", TEA),
    "sendMessage": ("alice", {**TEA, "text": LONG_TEXT, "clientMessageId": "m".ljust(64, "m")}),
    "getHistory": ("alice", TEA),
    "listMembers": ("alice", TEA),
    "renew": ("dora", {"token": "dora's"}),
    "signOut": ("dora", {}),
    "listRooms": ("dora", {"which": "public"}),
    "listRoles": ("alice", TEA),
    "updateRoom": ("alice", {**TEA, "name": LONG_NAME[:-1]}),
    "deleteRoom": ("alice", TEA),
    "inviteMember": ("alice", to(STRANGER, name=LONG_NAME)),
    "createInvite": ("alice", TEA),
    "listInvites": ("alice", TEA),
    "revokeInvite": ("alice", {**TEA, "inviteId": "0" * 64}),
    "setRole": ("alice", to(1, role="member")),
    "kickMember": ("alice", to(2)),
    "banMember": ("alice", to(3)),
    "unbanMember": ("alice", to(3)),
    "muteMember": ("alice", to(4, seconds=60)),
    "deleteMessage": ("alice", {**TEA, "seq": 1}),
}


@pytest.fixture(scope="module")
def chat(emulator_dynamodb: "DynamoDBClient") -> WorstCaseChat:
    """Provide the most expensive chat. Dora is in as many rooms as a connection may be."""
    chat = WorstCaseChat(emulator_dynamodb, FakeClock())
    chat.sign_in("dora", minutes=30)
    chat.join_rooms("dora")
    chat.join_rooms("alice")
    return chat


def test_every_action_has_a_worst_case() -> None:
    """A new action needs a frame and a row."""
    actions = {str(struct.__struct_config__.tag) for struct in REQUEST_TYPES}

    assert FRAMES.keys() == WORST_CASES.keys() == actions
    assert sorted(it for kind in KINDS.values() for it in kind) == sorted(actions)


def test_the_worst_cases_are_measured(chat: WorstCaseChat) -> None:
    """Each action consumes what its row says. The last ones end what the others need."""
    last = ["leaveRoom", "kickMember", "banMember", "unbanMember", "signOut", "deleteRoom"]
    actions = [it for it in FRAMES if it not in last]
    measured = {}
    for action in (*actions, *last):
        who, fields = FRAMES[action]
        if action == "listMembers":
            chat.says("alice", {"action": "joinRoom", **TEA})
        measured[action] = chat.worst(who, {"action": action, **fields})

    rows = (f'    "{it}": WorstCase({", ".join(map(str, measured[it]))}),' for it in FRAMES)
    assert measured == WORST_CASES, "\n" + "\n".join(rows)


def test_the_document_has_the_worst_cases() -> None:
    """docs/architecture/request-costs.md has each row, in the same order."""
    text = (PROJECT / "docs" / "architecture" / "request-costs.md").read_text()
    kinds = {action: kind for kind, actions in KINDS.items() for action in actions}

    rows = [
        f"| `{action}` | {kinds[action]} | {' | '.join(map(str, worst))} |"
        for action, worst in WORST_CASES.items()
    ]

    assert "\n".join(rows) in text, "\n" + "\n".join(rows)
