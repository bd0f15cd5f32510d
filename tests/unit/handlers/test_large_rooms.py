"""Large rooms: the consumer pushes to them, and costs stay linear."""

import base64
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as replace_struct

from chat.domain.delivery import Delivery
from chat.large_rooms.shards import (
    MAX_BATCH_BYTES,
    MAX_BATCH_MESSAGES,
    MAX_RECIPIENTS,
    Shard,
    batches,
    cut,
)
from chat.logic.gone_connections import MAX_REMOVED
from chat.logic.shard_delivery import MAX_TRIES, NobodyReachedError
from tests.support.fakes.clock_and_push import FakePush, Throttled
from tests.support.fakes.connections import FakeConnections
from tests.support.harness import LIMITS, Chat
from tests.support.hypothesis_profiles import generated

TEA = {"roomId": "tea"}
HI = {"action": "sendMessage", **TEA, "text": "hi"}


def room_of(count: int, **options: object) -> Chat:
    """Return a chat with Alice and others in a room; above two recipients the consumer pushes."""
    chat = Chat(inline_limit=2, limits=replace_struct(LIMITS, presence=4), **options)  # type: ignore[arg-type]  # a field each
    chat.says("alice", {"action": "createRoom", **TEA})
    for n in range(count - 1):
        chat.says(f"guest{n}", {"action": "joinRoom", **TEA})
    return chat


def shards_of(chat: Chat) -> list[Shard]:
    """Return the shards that the consumer would get."""
    taken = chat.queue.taken
    return [shard for room, ids, frame in taken for shard in cut(room, ids, frame)]


@pytest.mark.parametrize(("people", "relayed"), [(3, 0), (4, 1)])
def test_few_are_pushed_to_at_once(people: int, relayed: int) -> None:
    """Up to the limit the sender's request pushes; above it the queue gets all recipients."""
    chat = room_of(people)
    chat.queue.taken.clear()

    assert chat.says("alice", HI)["type"] == "messageSent"

    assert len(chat.queue.taken) == relayed
    heard = [e["type"] for e in chat.heard("guest0")]
    assert ("message" in heard) == (not relayed)


def test_the_consumer_reaches_all() -> None:
    """The consumer pushes to all but the sender, once each."""
    chat = room_of(10)
    chat.says("alice", HI)

    for shard in shards_of(chat):
        chat.takes(shard)

    types_by_user = {f"guest{n}": [e["type"] for e in chat.heard(f"guest{n}")] for n in range(9)}
    assert all(types.count("message") == 1 for types in types_by_user.values())
    assert "message" not in [e["type"] for e in chat.heard("alice")]


def test_a_queue_that_is_down() -> None:
    """The message is stored and acknowledged, and the sender's request pushes after all."""
    chat = room_of(6)
    chat.queue.down = True

    assert chat.says("alice", HI)["type"] == "messageSent"

    assert all("message" in [e["type"] for e in chat.heard(f"guest{n}")] for n in range(5))


def test_a_shard_that_comes_twice() -> None:
    """Its recipients get the message twice with one seq, and no member is removed."""
    chat = room_of(6)
    chat.says("alice", HI)

    for shard in [*shards_of(chat), *shards_of(chat)]:
        chat.takes(shard)

    seqs = [e["message"]["seq"] for e in chat.heard("guest0") if e["type"] == "message"]
    assert seqs == [1, 1]
    assert chat.says("alice", {"action": "listMembers", **TEA})["memberCount"] == 6


def test_the_consumer_forgets_who_is_gone() -> None:
    """A 410 in the consumer removes the connection, and is no failure."""
    chat = room_of(6)
    chat.says("alice", HI)
    chat.vanishes("guest1")

    for shard in shards_of(chat):
        chat.takes(shard)

    assert chat.says("alice", {"action": "listMembers", **TEA})["memberCount"] == 5


@generated(full=100, soak=100)
@given(people=st.integers(4, 12), deaths=st.lists(st.integers(0, 12), max_size=3))
def test_a_consumer_that_dies_half_way(people: int, deaths: list[int]) -> None:
    """The shard is delivered again, so that each recipient gets the message, and no other."""
    chat = room_of(people)
    chat.says("alice", HI)

    for shard in shards_of(chat):
        for reached in deaths:
            chat.push.send(shard.connection_ids[:reached], shard.frame)
        chat.takes(shard)

    seqs = {
        name: {e["message"]["seq"] for e in chat.heard(name) if e["type"] == "message"}
        for name in ("alice", *(f"guest{n}" for n in range(people - 1)))
    }
    assert seqs.pop("alice") == set()
    assert set(map(frozenset, seqs.values())) == {frozenset({1})}


class NoTime(FakeConnections):
    """Tables without time left."""

    def remove(self, connection_id: str) -> NoReturn:
        """Raise, as if no time were left."""
        raise TimeoutError(connection_id)


def test_forgetting_that_fails_repeats_no_shard() -> None:
    """Gone connections are found again by the next message; the others get this one once."""
    chat = Chat()
    chat.stores = replace(chat.stores, connections=NoTime(chat.stores.state))
    chat.vanishes("bob")

    chat.takes(Shard(room_id="tea", frame=b"{}", connection_ids=("bob", "carol")))

    assert chat.heard("carol") == [{}]


def test_forgetting_that_fails_fails_no_request() -> None:
    """The message is stored and pushed, so its sender gets no error."""
    chat = Chat()
    chat.stores = replace(chat.stores, connections=NoTime(chat.stores.state))
    chat.says("alice", {"action": "createRoom", **TEA})
    chat.says("bob", {"action": "joinRoom", **TEA})
    chat.vanishes("bob")

    assert chat.says("alice", HI)["type"] == "messageSent"


def shard(*ids: str, tries: int = 0) -> Shard:
    return Shard(room_id="tea", frame=b"{}", connection_ids=ids, tries=tries)


def test_a_shard_that_reached_nobody_comes_again() -> None:
    """If every post fails, the shard is retried, because the recipients are not the cause."""
    chat = Chat(push=Throttled())

    with pytest.raises(NobodyReachedError):
        chat.takes(shard("a", "b"))

    assert chat.queue.taken == []


def test_who_was_not_reached_is_tried_later() -> None:
    """Failed recipients are queued as a smaller shard, with a longer delay each time."""
    push = Throttled()
    push.reached = ("a",)
    chat = Chat(push=push)

    chat.takes(shard("a", "b", "c"))
    chat.takes(shard("b", "c", tries=1))

    assert chat.queue.taken == [("tea", ("b", "c"), b"{}")] * 2
    assert chat.queue.tries == [1, 2]
    assert [shard(tries=n).delay for n in range(4)] == [0, 1, 2, 4]


def test_who_is_never_reached_is_left_in_peace() -> None:
    """After the last try no shard is queued; the clients catch up by seq."""
    chat = Chat(push=Throttled())

    chat.takes(shard("b", tries=MAX_TRIES))

    assert chat.queue.taken == []


@generated(full=100, soak=100)
@given(
    ids=st.lists(
        st.uuids().map(lambda id_: f"{id_.hex[:15]}="), unique=True, max_size=3 * MAX_RECIPIENTS
    ),
    size=st.integers(0, 130_000),
)
def test_cutting_loses_and_doubles_nobody(ids: list[str], size: int) -> None:
    """Each recipient is in one shard, and each shard in one batch that SQS takes."""
    shards = [*cut("tea", ids, b"x" * size)]
    sent = [*batches(shards)]

    assert [id_ for shard in shards for id_ in shard.connection_ids] == ids
    assert [shard for batch in sent for shard in batch] == shards
    assert all(shard.frame == b"x" * size for shard in shards)
    sizes = [len(shard.connection_ids) for shard in shards]
    assert not sizes or max(sizes) <= min(min(sizes) + 1, MAX_RECIPIENTS)
    for batch in sent:
        assert 0 < len(batch) <= MAX_BATCH_MESSAGES
        assert sum(_size(shard) for shard in batch) <= MAX_BATCH_BYTES


def _size(shard: Shard) -> int:
    return len(base64.b64encode(shard.frame)) + sum(len(id_) + 3 for id_ in shard.connection_ids)


def test_a_thousand_joins_cause_few_events() -> None:
    """Above the presence limit joins cause no event and lists are cut; counts stay right."""
    chat = Chat(limits=replace_struct(LIMITS, presence=10))
    chat.says("alice", {"action": "createRoom", **TEA})
    for n in range(200):
        joined = chat.says(f"guest{n}", {"action": "joinRoom", **TEA})
        assert joined["memberCount"] == n + 2
        assert len(joined["members"]) <= 11
    posts = chat.push.posts
    for n in range(180):
        chat.hangs_up(f"guest{n}")

    assert posts <= 10 * 10
    assert chat.push.posts == posts
    assert chat.says("alice", {"action": "listMembers", **TEA})["memberCount"] == 21
    assert max(Counter(e["type"] for e in chat.heard("alice")).values()) <= 10


class SomeHang(FakePush):
    """A gateway where posts to some connections time out."""

    hanging = frozenset({"hang1", "hang2"})
    waited = 0

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Deliver to all but these."""
        ids = tuple(connection_ids)
        hung = tuple(id_ for id_ in ids if id_ in self.hanging)
        self.waited += bool(hung)
        delivery = super().send([id_ for id_ in ids if id_ not in self.hanging], frame)
        return Delivery(delivery.delivered, delivery.gone, hung)


def test_many_gone_and_some_hanging_cost_little() -> None:
    """Hanging connections cost one time-out for each room, with any number of gone ones."""
    push = SomeHang()
    chat = Chat(push=push)
    chat.says("alice", {"action": "createRoom", **TEA})
    for name in ("hang1", "hang2", *(f"guest{n}" for n in range(20))):
        chat.says(name, {"action": "joinRoom", **TEA})
    for n in range(20):
        chat.vanishes(f"guest{n}")
    push.waited = 0

    assert chat.says("alice", HI)["type"] == "messageSent"

    assert push.waited == 2
    assert chat.says("alice", {"action": "listMembers", **TEA})["memberCount"] == 3


def test_one_request_forgets_a_bounded_number() -> None:
    """If very many are gone, each message removes some of them until all are removed."""
    chat = Chat()
    chat.says("alice", {"action": "createRoom", **TEA})
    for n in range(MAX_REMOVED + 20):
        chat.says(f"guest{n}", {"action": "joinRoom", **TEA})
        chat.vanishes(f"guest{n}")

    counts = []
    for _ in range(2):
        chat.says("alice", HI)
        counts.append(chat.says("alice", {"action": "listMembers", **TEA})["memberCount"])

    assert counts[-1] == 1


class FirstFails(FakePush):
    """A gateway that refuses the first frame after `armed`."""

    armed = False

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Raise once, then send."""
        if self.armed:
            self.armed = False
            raise RuntimeError("403")
        return super().send(connection_ids, frame)


def test_a_leave_event_that_fails_in_one_room() -> None:
    """The other rooms still get the event, because no later push would bring it."""
    push = FirstFails()
    chat = Chat(push=push)
    for room in ("a", "b", "c"):
        chat.says("alice", {"action": "createRoom", "roomId": room})
        chat.says("bob", {"action": "joinRoom", "roomId": room})
    push.armed = True

    chat.hangs_up("bob")

    left = [e["roomId"] for e in chat.heard("alice") if e["type"] == "memberLeft"]
    assert left == ["b", "c"]
