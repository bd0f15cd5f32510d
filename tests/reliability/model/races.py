"""Requests that run side by side, in every order of their DynamoDB calls."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain.identity import Identity
from chat.dynamodb.messages import DynamoMessages
from tests.reliability.model.client_record import Frame
from tests.reliability.model.scheduler import interleaved
from tests.reliability.model.simulation import DynamoSimulation
from tests.reliability.model.statistics import STATISTICS
from tests.support.harness import Chat

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


TEA, MILK = {"roomId": "tea"}, {"roomId": "milk"}


Job = tuple[str, Frame | None]
"""A connection and its frame. None closes the connection."""


def say(who: str, text: str, id_: str | None = None) -> Job:
    """Return a job that sends a message."""
    said = {"action": "sendMessage", **TEA, "text": text}
    return who, {**said, "clientMessageId": id_} if id_ else said


JOBS: list[Job] = [
    say("alice", "same", "m1"),
    say("alice.phone", "same", "m1"),
    say("alice", "one"),
    say("carol", "two", "m2"),
    ("bob", {"action": "joinRoom", **TEA}),
    ("bob", {"action": "joinRoom", **MILK}),
    ("bob", {"action": "leaveRoom", **TEA}),
    ("bob.phone", {"action": "joinRoom", **TEA}),
    ("bob.phone", {"action": "leaveRoom", **TEA}),
    ("bob", None),
    ("carol", None),
    ("dave", {"action": "getHistory", **TEA}),
    ("dave", {"action": "getHistory", **TEA, "after": 0}),
    ("dave", {"action": "joinRoom", **TEA, "after": 0}),
    ("dave", {"action": "getHistory", **TEA, "before": 99}),
    ("dave", {"action": "listMembers", **TEA}),
]


NAMES = sorted({name for name, _ in JOBS})


RENEW: Job = ("bob", {"action": "renew", "token": "bob's"})
"""The job of a renewal, for signed-in users."""


FIRST_END, LATER_END = timedelta(hours=1), timedelta(minutes=100)
"""The time until the first tokens expire, and until Bob's second token expires."""


def schedules(*, guests: bool) -> st.SearchStrategy[list[Job]]:
    """Return a strategy for two to four jobs at once."""
    jobs = JOBS if guests else [*JOBS, RENEW, RENEW]
    return st.lists(st.sampled_from(jobs), min_size=2, max_size=4)


def open_chat(client: "DynamoDBClient", *, guests: bool, busy: bool = False) -> DynamoSimulation:
    """Return a chat where all are connected, and all but Bob's page are in the room.

    If the room is *busy*, messages take their seq first, and are written next.
    """
    chat = DynamoSimulation(client, page=100, retention=None, guests=guests)
    later = chat.clock.now() + LATER_END
    chat.verifier.good["bob's"] = Identity("u-bob", "bob", later, token_id="bob's")
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("alice", {"action": "createRoom", **MILK})
    for name in NAMES:
        chat.says(name, {"action": "ping"} if name == "bob" else {"action": "joinRoom", **TEA})
    if busy and isinstance(chat.stores.messages, DynamoMessages):
        chat.stores.messages.writer.mark_busy("tea")
    return chat


def anything(client: "DynamoDBClient", chosen: settings) -> Callable[[], None]:
    """Return the test of all races, for a run of any length."""

    @chosen
    @given(guests=st.booleans(), busy=st.booleans(), data=st.data())
    def race(guests: bool, busy: bool, data: st.DataObject) -> None:
        STATISTICS.counts["interleavings"] += 1
        jobs = data.draw(schedules(guests=guests))
        chat = open_chat(client, guests=guests, busy=busy)
        run(chat, jobs, lambda n: data.draw(st.integers(0, n - 1)))

    return race


def run(chat: DynamoSimulation, jobs: list[Job], choose: Callable[[int], int]) -> None:
    """Run the jobs side by side, and check the result."""
    work = [partial(_do, chat, name, frame) for name, frame in jobs]
    replies = interleaved(chat.client, work, choose)

    answered = [(who, f, r) for (who, f), r in zip(jobs, replies, strict=True) if f and r]
    assert all(r.get("code") in (None, "not_a_member", "unauthorized") for _, _, r in answered)
    _log_is_what_was_acknowledged(chat, answered)
    _members_are_the_connected(chat, jobs)
    _nothing_fell_between(chat, jobs, answered)
    _renewed_go_on(chat, jobs, [reply["type"] for _, _, reply in answered])


def _do(chat: Chat, name: str, frame: Frame | None) -> Frame | None:
    if frame is None:
        chat.hangs_up(name)
        return None
    return chat.says(name, frame)


def _log_is_what_was_acknowledged(
    chat: DynamoSimulation, answered: list[tuple[str, Frame, Frame]]
) -> None:
    log = [entry.message for entry in chat.log("tea")]
    sent = [reply["message"] for _, _, reply in answered if reply["type"] == "messageSent"]
    assert all(message in log for message in sent)
    ids = Counter(id_ for message in log if (id_ := message.get("clientMessageId")))
    assert set(ids.values()) <= {1}
    for _, frame, reply in answered:
        if (page := reply.get("messages")) and "before" not in frame:
            assert page == [m for m in log if m["seq"] <= page[-1]["seq"]], "history is final"


def _members_are_the_connected(chat: DynamoSimulation, jobs: list[Job]) -> None:
    gone = {name for name, frame in jobs if frame is None}
    for room_id in ("tea", "milk"):
        inside = {a.connection_id for a in chat.services.subscribers.of(room_id)}
        assert not inside & gone, "a ghost"
        for name in set(NAMES) - gone:
            assert (room_id in chat.services.connections.get(name).rooms) == (name in inside)


def _nothing_fell_between(
    chat: DynamoSimulation, jobs: list[Job], answered: list[tuple[str, Frame, Frame]]
) -> None:
    """Assert that a client that joined and stayed has each message from the reply or a push."""
    log = {entry.seq for entry in chat.log("tea")}
    stays = not any(name == "bob" and (f is None or "leave" in f["action"]) for name, f in jobs)
    for who, frame, reply in answered:
        if stays and (who, frame) == JOBS[4]:
            pushed = [f["message"] for f in chat.heard(who) if f["type"] == "message"]
            assert {m["seq"] for m in (*reply["messages"], *pushed)} == log


def _renewed_go_on(chat: DynamoSimulation, jobs: list[Job], replies: list[str]) -> None:
    """Assert that after the first expiry only renewed connections are still in the rooms."""
    if chat.guests:
        return
    stays = "renewed" in replies and ("bob", None) not in jobs
    bobs = chat.services.connections.get("bob").rooms if stays else ()
    chat.clock.advance(seconds=FIRST_END.total_seconds())
    inside = {
        (subscriber.connection_id, room_id)
        for room_id in ("tea", "milk")
        for subscriber in chat.services.subscribers.of(room_id)
    }
    assert inside == {("bob", room_id) for room_id in bobs}
