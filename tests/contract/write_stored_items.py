"""`python -m tests.contract.write_stored_items`: writes an item of every kind into a file.

Run it for a new kind of item. If a stored form changes, keep the old file beside a new one: later
versions read both. The additions and the unknown items of the file are written by hand.
"""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from moto import mock_aws
from msgspec.structs import replace

from chat.domain.rate_limit import Rate, Rates
from chat.protocol import Member, SendMessage
from ops.user_data import Records
from tests.contract.measured_chat import MeasuredChat
from tests.contract.stored_chat import FILE
from tests.support.dynamodb import dynamodb
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.stores import Stores

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

BURST = Rate(10, 1, 40)
RATES = Rates(
    connection={"messages": BURST}, user={"messages": BURST, "joins": BURST, "changes": BURST}
)


def fill(client: "DynamoDBClient") -> MeasuredChat:
    """Return a chat that has stored an item of every kind."""
    chat = MeasuredChat(client, FakeClock())
    retention = timedelta(days=365)
    chat.stores = Stores.dynamo(
        client, chat.clock, tables=chat.tables, rates=RATES, retention=retention
    )
    chat.sign_in("alice", minutes=60)
    chat.request("alice", "createRoom", name="Tea")
    _fill_tea_room(chat)
    _fill_private_room(chat)
    _fill_user_items(client, chat)
    return chat


def _fill_tea_room(chat: MeasuredChat) -> None:
    """Store messages, a tombstone, a role, a ban, a mute, a visit and a large room's count."""
    for user in ("bob", "carol", "dave"):
        chat.join(user)
    chat.limits = replace(chat.limits, presence=1)
    chat.join("eve")
    chat.request("alice", "setRole", to="bob", role="moderator")
    chat.request("alice", "muteMember", to="carol", seconds=3_600)
    chat.request("alice", "banMember", to="dave")
    chat.request("alice", "sendMessage", text="first", clientMessageId="m1")
    chat.request("bob", "sendMessage", text="deleted")
    chat.request("alice", "deleteMessage", seq=2)
    messages: Any = chat.stores.messages
    messages.writer.number(
        SendMessage(room_id="tea", text="lost"), sender=Member(user_id="u-alice", name="Alice")
    )
    chat.request("alice", "sendMessage", text="last")
    chat.request("alice", "getHistory")


def _fill_private_room(chat: MeasuredChat) -> None:
    """Store a private room with an invite and a member, and a deleted room."""
    made = chat.request("alice", "createRoom", roomId=None, visibility="private", name="Den")
    den = made["room"]["roomId"]
    chat.request("alice", "createInvite", roomId=den, expiresInSeconds=3_600)
    chat.request("alice", "inviteMember", to="bob", roomId=den)
    chat.join("bob", roomId=den)
    chat.request("alice", "createRoom", roomId="gone")
    chat.request("alice", "deleteRoom", roomId="gone")


def _fill_user_items(client: "DynamoDBClient", chat: MeasuredChat) -> None:
    """Store a revoked token, a ban from the chat, and that of an erased user."""
    chat.sign_in("frank", minutes=60)
    chat.request("frank", "signOut", roomId=None)
    bans: Any = chat.stores.bans
    bans.ban("u-grace")
    bans.ban("u-heidi")
    Records(client, *chat.tables).erase("u-heidi", say=lambda _: None)


def main() -> None:
    """Write the items into the file, beside the additions and the unknown items that it has."""
    with mock_aws():
        client = dynamodb()
        found = {
            name: sorted(
                client.scan(TableName=table)["Items"], key=lambda it: (it["pk"]["S"], it["sk"]["S"])
            )
            for name, table in zip(("connections", "rooms"), fill(client).tables, strict=True)
        }
    FILE.write_text(json.dumps({**json.loads(FILE.read_text()), **found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
