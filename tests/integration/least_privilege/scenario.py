"""What people do, so that every right that the stack grants is needed once.

A new right needs a step here that fails without it, by raising `Broken`.
"""

import uuid

from tests.integration.least_privilege.chat import Chat, Visit, Watched
from tests.integration.least_privilege.endings import ends_there
from tests.integration.least_privilege.watch import Broken

CHAT, CONSUMER = "chat.app.handler", "chat.fanout_consumer.handler"
SHARDS = 5
"""What more than one hears: Carol's join, a message, two ghosts' leaves, Bob's leave."""


def play(visit: Visit) -> None:
    """Three people come and talk, and one leaves; raises `Broken` when something is amiss."""
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
    _one_floods(visit.enter("dave"), room_id)
    for handler, before in ran.items():
        more = SHARDS if handler == CONSUMER else 1
        watch.until(
            lambda: chat.invocations(handler) >= before + more,  # noqa: B023 - called here
            f"the log of {more} invocations of {handler}",
        )
    # Its last lines may come with the next invocation.
    watch.until(lambda: alice.ask("ping") and "createRoom" in watch.written(), f"the log of {CHAT}")


def _one_floods(dave: Watched, room_id: str) -> None:
    """Whoever goes on asking in spite of every refusal is cut off, and has to rest."""
    if not dave.is_closed_by({"action": "joinRoom", "roomId": room_id}, tries=60):
        raise Broken("nobody was cut off")


def _two_talk(alice: Watched, bob: Watched, room_id: str) -> None:
    """The sender's own request pushes to the other."""
    alice.ask("hello")
    alice.ask("createRoom", roomId=room_id)
    bob.ask("joinRoom", roomId=room_id)
    alice.next_event("memberJoined")
    alice.say(room_id, "hi", clientMessageId="m1")
    bob.next_event("message")
    bob.ask("getHistory", roomId=room_id)
    bob.ask("listMembers", roomId=room_id)


def _three_talk(chat: Chat, alice: Watched, bob: Watched, carol: Watched, room_id: str) -> None:
    """Two are a crowd, to whom the consumer pushes; it finds that one more has gone."""
    carol.ask("joinRoom", roomId=room_id)
    alice.next_event("memberJoined")
    bob.next_event("memberJoined")
    chat.add_ghost(room_id)
    alice.say(room_id, "hi all")
    bob.next_event("message")
    carol.next_event("message")
    for stayed in (alice, bob, carol):
        stayed.next_event("memberLeft")
