"""The metrics of each invocation, read from the lines that the dispatcher writes."""

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


def record_of(
    chat: Chat, connection_id: str, body: object, route: str = "$default"
) -> InvocationRecord:
    """Return the record of one more frame."""
    record = InvocationRecord()
    text = body if isinstance(body, str) else json.dumps(body)
    message = event("MESSAGE", connection_id, body=text)
    message["requestContext"]["routeKey"] = route
    dispatch(message, chat.services, record)
    return record


def room_of_all(*people: str, **options: Any) -> Chat:
    """Return a chat with all users in a room."""
    chat = Chat(**options)
    chat.says(people[0], {"action": "createRoom", "roomId": "tea"})
    for name in people[1:]:
        chat.says(name, {"action": "joinRoom", "roomId": "tea"})
    return chat


SAY = {"action": "sendMessage", "roomId": "tea", "text": SECRET}


def test_a_message_and_its_posts() -> None:
    """One message is counted, with the result of each post."""
    chat = room_of_all("alice", "bob", "carol")
    chat.vanishes("carol")

    record = record_of(chat, "alice", SAY, "sendMessage")

    assert (record.route, record.room_id, record.code) == ("sendMessage", "tea", "ok")
    assert record.messages == 1
    # Bob and Alice get Carol's leave event in the same invocation.
    assert (record.recipients, record.delivered, record.gone) == (4, 3, 1)
    assert record.fan_out_seconds > 0


def test_who_is_left_to_the_consumer_is_queued() -> None:
    """A request that queues its posts has made none; the consumer counts them."""
    chat = room_of_all("alice", "bob", "carol", inline_limit=1)
    sent = record_of(chat, "alice", SAY, "sendMessage")
    ((room_id, ids, frame),) = chat.queue.taken[-1:]
    taken = InvocationRecord()

    deliver(room_id, ids, frame, instrument(chat.services, taken))

    assert (sent.queued, sent.recipients) == (2, 0)
    assert (taken.recipients, taken.delivered) == (2, 2)


def test_a_frame_that_cannot_be_posted_has_failed_for_all() -> None:
    """If the gateway refuses the function itself, every recipient counts as failed."""

    class Refused(FakePush):
        def send(self, connection_ids: Any, frame: bytes) -> Any:  # noqa: ARG002 - the port's
            raise OSError("403")

    chat = room_of_all("alice", "bob", push=FakePush())
    chat.push = Refused()

    record = record_of(chat, "alice", SAY, "sendMessage")

    assert (record.recipients, record.delivered, record.failed) == (1, 0, 1)
    assert record.code == "internal"
    assert record.error_id


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
    """An error is counted by its code, and not as a message."""
    record = record_of(room_of_all("alice"), "alice", frame, route)

    assert (record.route, record.code, record.messages) == (route, code, 0)


def test_opening_and_closing() -> None:
    """Opened and closed connections are counted; a refused one is not."""
    chat = Chat(guests=False)
    records = [InvocationRecord(), InvocationRecord()]

    dispatch(event("CONNECT", "eve"), chat.services, records[0])
    dispatch(event("DISCONNECT", "eve"), chat.services, records[1])

    assert (records[0].connects, records[0].code) == (0, "unauthorized")
    assert records[1].disconnects == 1


@pytest.mark.parametrize("frame", [SAY, {"action": SECRET}, SECRET, {**SAY, "roomId": SECRET}])
def test_the_line_says_nothing_of_what_was_written(frame: object) -> None:
    """The line has no text, name or key, of a good frame or a bad one."""
    chat = Chat()
    lines: list[str] = []
    metrics = EmfMetrics(namespace="Test", function="chat", write=lines.append)
    opened = event("CONNECT", "a1", queryStringParameters={"name": "Zelda", "key": "k" * 20})
    said = event("MESSAGE", "a1", body=frame if isinstance(frame, str) else json.dumps(frame))
    said["requestContext"]["routeKey"] = SECRET

    for each in (opened, said):
        with metrics.invocation("1") as record:
            dispatch(each, chat.services, record)

    assert len(lines) == 2
    assert not [word for word in (SECRET, "Zelda", "k" * 20) if word in "".join(lines)]


def test_retried_posts_are_counted_separately() -> None:
    """A failed post that is queued again does not count as failed."""
    push = Throttled()
    push.reached = ("bob",)
    record = InvocationRecord()

    deliver("tea", ("bob", "carol"), b"{}", instrument(Chat(push=push).services, record))

    assert (record.delivered, record.failed, record.requeued, record.queued) == (1, 1, 1, 0)


def test_who_comes_in_is_counted() -> None:
    """An opened connection is one more."""
    record = InvocationRecord()

    dispatch(event("CONNECT", "alice"), Chat().services, record)

    assert (record.connects, record.code) == (1, "ok")
