"""The scenario that needs every permission of the stack once.

A new permission needs a step here that raises `Broken` without it.
"""

import uuid

from tests.integration.least_privilege.chat import Chat, Visit, Watched
from tests.integration.least_privilege.expired import ends_there
from tests.integration.least_privilege.watch import Broken

CHAT, CONSUMER = "chat.app.handler", "chat.fan_out_consumer.handler"
SHARDS = 5
"""Events to more than one: Carol's join, a message, two leaves of lost connections, Bob's leave."""


def play(visit: Visit) -> None:
    """Let three users connect and talk, and one leave; raises `Broken` if a step fails."""
    chat, watch = visit.chat, visit.watch
    room_id = f"room-{uuid.uuid4().hex[:12]}"
    ran = {handler: chat.invocations(handler) for handler in chat.functions if handler != CHAT}
    alice, bob = visit.enter("alice"), visit.enter("bob")
    _two_talk(alice, bob, room_id)
    carol = visit.enter("carol")
    _three_talk(chat, alice, bob, carol, room_id)
    ends_there(chat, room_id, alice, bob, carol)
    bob.ask("leaveRoom", roomId=room_id)
    alice.next_event("memberLeft")
    carol.next_event("memberLeft")
    carol.ask("leaveRoom", roomId=room_id)
    alice.next_event("memberLeft")
    ends_there(chat, room_id, alice)
    alice.ask("listRooms")
    alice.ask("deleteRoom", roomId=room_id)
    _disconnect_a_flooder(visit.enter("dave"), room_id)
    for handler, before in ran.items():
        more = SHARDS if handler == CONSUMER else 1
        watch.until(
            lambda: chat.invocations(handler) >= before + more,  # noqa: B023 - called here
            f"the log of {more} invocations of {handler}",
        )
    # Its last lines may come with the next invocation.
    watch.until(lambda: alice.ask("ping") and "createRoom" in watch.written(), f"the log of {CHAT}")


def _disconnect_a_flooder(dave: Watched, room_id: str) -> None:
    """Disconnect a user who keeps sending after errors, and wait for the end of the cooldown."""
    if not dave.is_closed_by({"action": "joinRoom", "roomId": room_id}, tries=60):
        raise Broken("nobody was cut off")


def _two_talk(alice: Watched, bob: Watched, room_id: str) -> None:
    """Send a message that the sender's own request pushes."""
    alice.ask("hello")
    alice.ask("createRoom", roomId=room_id)
    bob.ask("joinRoom", roomId=room_id)
    alice.next_event("memberJoined")
    alice.say(room_id, "hi", clientMessageId="m1")
    bob.next_event("message")
    bob.ask("getHistory", roomId=room_id)
    bob.ask("listMembers", roomId=room_id)


def _three_talk(chat: Chat, alice: Watched, bob: Watched, carol: Watched, room_id: str) -> None:
    """Send a message that the consumer pushes; it finds one more lost connection."""
    carol.ask("joinRoom", roomId=room_id)
    alice.next_event("memberJoined")
    bob.next_event("memberJoined")
    chat.add_ghost(room_id)
    alice.say(room_id, "hi all")
    bob.next_event("message")
    carol.next_event("message")
    for stayed in (alice, bob, carol):
        stayed.next_event("memberLeft")
