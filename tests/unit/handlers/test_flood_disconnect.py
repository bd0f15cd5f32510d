"""Who goes on in spite of every refusal is cut off, with all their connections, for a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chat.domain.delivery import Delivery
from chat.domain.rate_limit import Rate, Rates
from tests.support.fakes.clock_and_push import FakePush
from tests.support.harness import Chat, Frame

TEA = {"roomId": "tea"}
RATES = Rates(
    connection={"messages": Rate(1, 1, 3)},
    frames=Rate(10, 1, 12),
    strikes=Rate(1, 1, 5),
    cooldown=timedelta(seconds=30),
)
WHY = {
    "type": "error",
    "code": "rate_limited",
    "message": "disconnected after repeated rate-limit violations; retry in 30 s",
    "retryAfterMs": 30_000,
}


def tea(push: FakePush | None = None) -> Chat:
    """Alice, with her laptop and her phone, and Bob are in the tea room."""
    chat = Chat(rates=RATES, push=push or FakePush())
    chat.says("alice", {"action": "createRoom", **TEA})
    for other in ("alice.phone", "bob"):
        chat.says(other, {"action": "joinRoom", **TEA})
    return chat


def say(chat: Chat, who: str, **fields: str) -> Frame:
    return chat.says(who, {"action": "sendMessage", **TEA, "text": "hi", **fields})


def flood(chat: Chat, who: str, *, refusals: int) -> list[Frame]:
    """Say three times what one may, and be refused so often; the refusals."""
    for _ in range(3):
        assert say(chat, who)["type"] == "messageSent"
    return [say(chat, who) for _ in range(refusals)]


def test_who_stops_in_time_is_not_cut_off() -> None:
    """The first does not count, five more are not too many; each second makes good for one."""
    chat = tea()

    flood(chat, "alice", refusals=6)
    for _ in range(20):
        chat.clock.advance(seconds=1)
        assert [say(chat, "alice")["type"] for _ in range(3)] == ["messageSent", "error", "error"]

    assert chat.push.closed == set()
    assert WHY not in chat.heard("alice")


def test_who_goes_on_is_cut_off() -> None:
    """One more closes all of the user's connections, each of which is told; nobody else's."""
    chat = tea()

    *_, last = flood(chat, "alice", refusals=7)

    assert chat.push.closed == {"alice", "alice.phone"}
    assert (last["code"], last["retryAfterMs"]) == ("rate_limited", 1000)
    assert chat.heard("alice")[-1] == chat.heard("alice.phone")[-1] == WHY
    assert WHY not in chat.heard("bob")


@pytest.mark.parametrize("connections", [1, 3, 10])
def test_who_waits_as_told_is_never_cut_off(connections: int) -> None:
    """However many wait for the same bucket, and are refused again for one was faster."""
    chat = Chat(
        rates=Rates(
            connection={"messages": Rate(5, 1, 20)},
            user={"messages": Rate(10, 1, 40)},
            frames=Rate(20, 1, 200),
            strikes=Rate(5, 1, 100),
        )
    )
    devices = [f"alice.{n}" for n in range(connections)]
    chat.says("alice.0", {"action": "createRoom", **TEA})
    for device in devices:
        chat.says(device, {"action": "joinRoom", **TEA})
    due, refused = dict.fromkeys(devices, 0), 0
    for now in range(0, 120_000, 50):
        for device in devices:
            if due[device] <= now:
                wait = say(chat, device).get("retryAfterMs", 0)
                due[device] = now + max(wait, 50)
                refused += wait > 0
        chat.clock.advance(milliseconds=50)

    assert refused > 200
    assert chat.push.closed == set()


def test_one_that_has_yet_to_open_is_forgotten() -> None:
    """API Gateway cannot close it, and it would be found by nobody."""
    chat = tea()
    chat.connects("alice.tablet")
    chat.push.closed.add("alice.tablet")

    flood(chat, "alice", refusals=7)

    assert list(chat.stores.user_connections.ids_of("u-alice")) == []
    assert chat.says("alice.phone", {"action": "hello"})["code"] == "unauthorized"


def test_members_see_a_flooder_leave() -> None:
    """The others get memberLeft and a list without the flooder, even if no $disconnect comes."""
    chat = tea()
    chat.says("alice", {"action": "createRoom", "roomId": "milk"})
    chat.says("bob", {"action": "joinRoom", "roomId": "milk"})

    flood(chat, "alice", refusals=7)

    left = [event for event in chat.heard("bob") if event["type"] == "memberLeft"]
    assert sorted(event["roomId"] for event in left) == ["milk", "tea"]
    assert {event["memberCount"] for event in left} == {1}
    members = chat.says("bob", {"action": "listMembers", **TEA})["members"]
    assert [member["name"] for member in members] == ["bob"]


def test_nothing_of_it_is_lost() -> None:
    """What was acknowledged is in the log, once, and what was not may be sent again later."""
    chat = tea()
    flood(chat, "alice", refusals=7)
    for gone in ("alice", "alice.phone"):
        chat.hangs_up(gone)

    chat.clock.advance(seconds=30)
    chat.says("alice.again", {"action": "joinRoom", **TEA})

    assert say(chat, "alice.again")["message"]["seq"] == 4
    assert chat.heard("bob")[-1]["message"]["seq"] == 4


def test_all_connections_of_a_user_count_together() -> None:
    """More sockets are no way to be refused more often."""
    chat = tea()
    flood(chat, "alice", refusals=4)

    flood(chat, "alice.phone", refusals=3)
    before = set(chat.push.closed)
    say(chat, "alice.phone")

    assert before == set()
    assert chat.push.closed == {"alice", "alice.phone"}


def test_the_room_hears_who_left() -> None:
    """A connection that was closed says goodbye as any other."""
    chat = tea()
    flood(chat, "alice", refusals=7)

    for gone in ("alice", "alice.phone"):
        chat.hangs_up(gone)

    left = chat.heard("bob")[-1]
    assert (left["type"], left["memberCount"]) == ("memberLeft", 1)


def test_who_was_cut_off_has_to_rest() -> None:
    """No handshake for as long as they were told, by no device; and to others nothing happened."""
    chat = tea()
    flood(chat, "alice", refusals=7)

    chat.clock.advance(seconds=29)
    too_soon = chat.connects("alice.tablet")
    chat.clock.advance(seconds=1)

    assert too_soon == 429
    assert chat.connects("carol") == 200
    assert chat.connects("alice.tablet") == 200


@pytest.mark.parametrize("frame", ["{", '{"action": "ping"}'])
def test_frames_of_any_kind_count_when_they_are_too_many(frame: str) -> None:
    """Bad frames close nothing; a flood of them does, as one of good frames would."""
    chat = tea()
    codes = [chat.says("bob", frame).get("code") for _ in range(11)]

    before = set(chat.push.closed)
    codes += [chat.says("bob", frame).get("code") for _ in range(7)]

    assert "rate_limited" not in codes[:11]
    assert codes[11:] == ["rate_limited"] * 7
    assert before == set()
    assert chat.push.closed == {"bob"}


def test_refusals_of_another_kind_do_not_count() -> None:
    """What breaks the protocol or is not allowed is answered as often as it is asked."""
    chat = Chat(rates=Rates(strikes=Rate(1, 1, 2)))

    codes = {
        chat.says("eve", frame)["code"]
        for _ in range(20)
        for frame in ('{"action": "joinRoom", "roomId": "none"}', '{"action": 5}')
    }

    assert codes == {"room_not_found", "bad_request"}
    assert chat.push.closed == set()


def test_a_connection_that_nobody_knows_is_closed_alone() -> None:
    """It has nothing to lose, so little is enough; nobody has to rest, and nobody is told to."""
    chat = tea()
    chat.replies["ghost"] = []

    for _ in range(12):
        assert chat.says("ghost", {"action": "ping"})["type"] == "pong"
    for _ in range(2):
        chat.says("ghost", {"action": "ping"})

    assert chat.push.closed == {"ghost"}
    assert chat.heard("ghost") == []


def test_whoever_cannot_be_closed_is_tried_again() -> None:
    """A refusal is a refusal, whatever comes of the closing; the next one tries once more."""
    push = _Failing()
    chat = tea(push)

    replies = flood(chat, "alice", refusals=7)
    tries = push.tries
    push.works = True
    replies.append(say(chat, "alice"))

    assert {reply["code"] for reply in replies} == {"rate_limited"}
    assert (tries, push.closed) == (1, {"alice", "alice.phone"})


def test_nobody_is_cut_off_where_no_rate_says_so() -> None:
    """0 is any number of refusals."""
    chat = Chat(rates=Rates(connection={"messages": Rate(1, 1, 3)}))
    chat.says("alice", {"action": "createRoom", **TEA})

    flood(chat, "alice", refusals=300)

    assert chat.push.closed == set()


@dataclass
class _Failing(FakePush):
    """A gateway that closes nothing at first."""

    works: bool = False
    tries: int = 0

    def close(self, connection_ids: Iterable[str]) -> Delivery:
        """End connections, if it works."""
        self.tries += 1
        if not self.works:
            raise OSError("403")
        return super().close(connection_ids)
