"""Expired tokens: the items of a lost connection, and the run of the connection closer."""

from chat.dynamodb import item_keys, items
from chat.dynamodb.table import pack
from tests.integration.least_privilege.chat import Chat, Watched
from tests.integration.least_privilege.deployed import client
from tests.integration.least_privilege.watch import Broken

CLOSER = "chat.connection_closer.handler"
GHOST = "RW5kZWQ="
LONG_AGO = "2026-01-01T00:00:00.000Z"


def ends_there(chat: Chat, room_id: str, *others: Watched) -> None:
    """Let a connection in a room expire; all *others* in the room get the leave event.

    It has no socket, because a `$disconnect` would do the work of the connection closer.
    """
    who = f"ended-{len(others)}"
    _add_ended(chat, room_id, who)
    answer = client("lambda", chat.aws.url).invoke(FunctionName=chat.functions[CLOSER])
    if "FunctionError" in answer:
        raise Broken(answer["Payload"].read().decode())
    for other in others:
        while other.next_event("memberLeft")["userId"] != who:
            pass


def _add_ended(chat: Chat, room_id: str, user_id: str) -> None:
    """Write the items that a lost connection leaves behind."""
    marks = {"endsIn": items.expiry_part(GHOST), "endsAt": 1, "rightsEnd": LONG_AGO}
    who = {"userId": user_id, "name": user_id, "connectedAt": LONG_AGO, "joinedAt": LONG_AGO}
    connection = {**item_keys.connection_key(GHOST), **who, **marks, "rooms": {room_id}}
    for item in (connection, {**item_keys.subscriber_key(room_id, GHOST), **who}):
        client("dynamodb", chat.aws.url).put_item(
            TableName=chat.endpoints.connections_table, Item=pack(item)
        )
