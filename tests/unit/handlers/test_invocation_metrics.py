"""What the dispatcher says of each invocation, told by the lines that it would write."""

import json
from typing import Any

import pytest

from chat.dispatch import dispatch
from chat.logic.shard_delivery import deliver
from chat.observability.invocation import InvocationRecord, instrument
from chat.observability.metrics import EmfMetrics
from tests.support.fakes.clock_and_push import FakePush, Throttled
from tests.support.harness import Chat, event

SECRET = "the text that nobody may find"


def tally_of(
    chat: Chat, connection_id: str, body: object, route: str = "$default"
) -> InvocationRecord:
    """What one more frame comes to."""
    tally = InvocationRecord()
    text = body if isinstance(body, str) else json.dumps(body)
    message = event("MESSAGE", connection_id, body=text)
    message["requestContext"]["routeKey"] = route
    dispatch(message, chat.services, tally)
    return tally


def crowd(*people: str, **options: Any) -> Chat:
    """A room, tea, and everyone in it."""
    chat = Chat(**options)
    chat.says(people[0], {"action": "createRoom", "roomId": "tea"})
    for name in people[1:]:
        chat.says(name, {"action": "joinRoom", "roomId": "tea"})
    return chat


SAY = {"action": "sendMessage", "roomId": "tea", "text": SECRET}


def test_a_message_and_its_posts() -> None:
    """One message, and what became of each recipient."""
    chat = crowd("alice", "bob", "carol")
    chat.vanishes("carol")

    tally = tally_of(chat, "alice", SAY, "sendMessage")

    assert (tally.route, tally.room_id, tally.code) == ("sendMessage", "tea", "ok")
    assert tally.messages == 1
    # carol's leave is told to bob and alice in the same invocation.
    assert (tally.recipients, tally.delivered, tally.gone) == (4, 3, 1)
    assert tally.fanout_seconds > 0


def test_who_is_left_to_the_consumer_is_queued() -> None:
    """A request that queues its posts has made none; the consumer counts them."""
    chat = crowd("alice", "bob", "carol", inline_limit=1)
    sent = tally_of(chat, "alice", SAY, "sendMessage")
    ((room_id, ids, frame),) = chat.queue.taken[-1:]
    taken = InvocationRecord()

    deliver(room_id, ids, frame, instrument(chat.services, taken))

    assert (sent.queued, sent.recipients) == (2, 0)
    assert (taken.recipients, taken.delivered) == (2, 2)


def test_a_frame_that_cannot_be_posted_has_failed_for_all() -> None:
    """When the gateway refuses the function itself, nobody was reached, and it shows."""

    class Refused(FakePush):
        def send(self, connection_ids: Any, frame: bytes) -> Any:  # noqa: ARG002 - the port's
            raise OSError("403")

    chat = crowd("alice", "bob", push=FakePush())
    chat.push = Refused()

    tally = tally_of(chat, "alice", SAY, "sendMessage")

    assert (tally.recipients, tally.delivered, tally.failed) == (1, 0, 1)
    assert tally.code == "internal"
    assert tally.error_id


@pytest.mark.parametrize(
    ("frame", "route", "code"),
    [
        (SAY | {"roomId": "nowhere"}, "sendMessage", "room_not_found"),
        ({"action": "sendMessage", "roomId": "tea"}, "sendMessage", "bad_request"),
        ({"action": SECRET}, "$default", "unknown_action"),
        (SECRET, "$default", "bad_request"),
    ],
)
def test_errors_have_their_code(frame: object, route: str, code: str) -> None:
    """Whatever is refused says why, and is no message."""
    tally = tally_of(crowd("alice"), "alice", frame, route)

    assert (tally.route, tally.code, tally.messages) == (route, code, 0)


def test_opening_and_closing() -> None:
    """Connections are counted in and out; who is refused does not come in."""
    chat = Chat(guests=False)
    tallies = [InvocationRecord(), InvocationRecord()]

    dispatch(event("CONNECT", "eve"), chat.services, tallies[0])
    dispatch(event("DISCONNECT", "eve"), chat.services, tallies[1])

    assert (tallies[0].connects, tallies[0].code) == (0, "unauthorized")
    assert tallies[1].disconnects == 1


@pytest.mark.parametrize("frame", [SAY, {"action": SECRET}, SECRET, {**SAY, "roomId": SECRET}])
def test_the_line_says_nothing_of_what_was_written(frame: object) -> None:
    """No text, no name, no key: neither of a good frame nor of a bad one."""
    chat = Chat()
    lines: list[str] = []
    meter = EmfMetrics(namespace="Test", function="chat", write=lines.append)
    opened = event("CONNECT", "a1", queryStringParameters={"name": "Zelda", "key": "k" * 20})
    said = event("MESSAGE", "a1", body=frame if isinstance(frame, str) else json.dumps(frame))
    said["requestContext"]["routeKey"] = SECRET

    for each in (opened, said):
        with meter.invocation("1") as tally:
            dispatch(each, chat.services, tally)

    assert len(lines) == 2
    assert not [word for word in (SECRET, "Zelda", "k" * 20) if word in "".join(lines)]


def test_who_is_tried_again_is_told_apart() -> None:
    """A post that failed and is queued again is not lost yet."""
    push = Throttled()
    push.reached = ("bob",)
    tally = InvocationRecord()

    deliver("tea", ("bob", "carol"), b"{}", instrument(Chat(push=push).services, tally))

    assert (tally.delivered, tally.failed, tally.requeued, tally.queued) == (1, 1, 1, 0)


def test_who_comes_in_is_counted() -> None:
    """An opened connection is one more."""
    tally = InvocationRecord()

    dispatch(event("CONNECT", "alice"), Chat().services, tally)

    assert (tally.connects, tally.code) == (1, "ok")
