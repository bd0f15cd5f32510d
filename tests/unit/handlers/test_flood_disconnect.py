"""Users who keep sending after rate-limit errors are disconnected for a time."""

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
    """Let Alice, with two devices, and Bob join the tea room."""
    chat = Chat(rates=RATES, push=push or FakePush())
    chat.says("alice", {"action": "createRoom", **TEA})
    for other in ("alice.phone", "bob"):
        chat.says(other, {"action": "joinRoom", **TEA})
    return chat


def say(chat: Chat, who: str, **fields: str) -> Frame:
    return chat.says(who, {"action": "sendMessage", **TEA, "text": "hi", **fields})


def flood(chat: Chat, who: str, *, strikes: int) -> list[Frame]:
    """Send three times the burst and more; return the rate-limit errors."""
    for _ in range(3):
        assert say(chat, who)["type"] == "messageSent"
    return [say(chat, who) for _ in range(strikes)]


def test_a_few_strikes_disconnect_no_user() -> None:
    """The first strike does not count and five more are allowed; each second forgives one."""
    chat = tea()

    flood(chat, "alice", strikes=6)
    for _ in range(20):
        chat.clock.advance(seconds=1)
        assert [say(chat, "alice")["type"] for _ in range(3)] == ["messageSent", "error", "error"]

    assert chat.push.closed == set()
    assert WHY not in chat.heard("alice")


def test_too_many_strikes_disconnect_the_user() -> None:
    """One more strike closes all of the user's connections with a reason, and no others."""
    chat = tea()

    *_, last = flood(chat, "alice", strikes=7)

    assert chat.push.closed == {"alice", "alice.phone"}
    assert (last["code"], last["retryAfterMs"]) == ("rate_limited", 1000)
    assert chat.heard("alice")[-1] == chat.heard("alice.phone")[-1] == WHY
    assert WHY not in chat.heard("bob")


@pytest.mark.parametrize("connections", [1, 3, 10])
def test_a_client_that_waits_is_never_disconnected(connections: int) -> None:
    """A client that waits for `retryAfterMs` stays, even if others use the limit first."""
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


def test_a_connection_that_is_opening_is_removed() -> None:
    """API Gateway cannot close a connection that is opening, so its items are removed."""
    chat = tea()
    chat.connects("alice.tablet")
    chat.push.closed.add("alice.tablet")

    flood(chat, "alice", strikes=7)

    assert list(chat.stores.user_connections.ids_of("u-alice")) == []
    assert chat.says("alice.phone", {"action": "hello"})["code"] == "unauthorized"


def test_members_see_a_flooder_leave() -> None:
    """The others get memberLeft and a list without the flooder, even if no $disconnect comes."""
    chat = tea()
    chat.says("alice", {"action": "createRoom", "roomId": "milk"})
    chat.says("bob", {"action": "joinRoom", "roomId": "milk"})

    flood(chat, "alice", strikes=7)

    left = [event for event in chat.heard("bob") if event["type"] == "memberLeft"]
    assert sorted(event["roomId"] for event in left) == ["milk", "tea"]
    assert {event["memberCount"] for event in left} == {1}
    members = chat.says("bob", {"action": "listMembers", **TEA})["members"]
    assert [member["name"] for member in members] == ["bob"]


def test_acknowledged_messages_stay() -> None:
    """Acknowledged messages are in the log once, and others may be sent again later."""
    chat = tea()
    flood(chat, "alice", strikes=7)
    for gone in ("alice", "alice.phone"):
        chat.hangs_up(gone)

    chat.clock.advance(seconds=30)
    chat.says("alice.again", {"action": "joinRoom", **TEA})

    assert say(chat, "alice.again")["message"]["seq"] == 4
    assert chat.heard("bob")[-1]["message"]["seq"] == 4


def test_all_connections_of_a_user_count_together() -> None:
    """The strikes of all connections of a user count together."""
    chat = tea()
    flood(chat, "alice", strikes=4)

    flood(chat, "alice.phone", strikes=3)
    before = set(chat.push.closed)
    say(chat, "alice.phone")

    assert before == set()
    assert chat.push.closed == {"alice", "alice.phone"}


def test_the_room_gets_the_leave_event() -> None:
    """A closed connection leaves its rooms as any other."""
    chat = tea()
    flood(chat, "alice", strikes=7)

    for gone in ("alice", "alice.phone"):
        chat.hangs_up(gone)

    left = chat.heard("bob")[-1]
    assert (left["type"], left["memberCount"]) == ("memberLeft", 1)


def test_a_disconnected_user_has_a_cooldown() -> None:
    """During the cooldown all handshakes of the user are refused, and of no other user."""
    chat = tea()
    flood(chat, "alice", strikes=7)

    chat.clock.advance(seconds=29)
    too_soon = chat.connects("alice.tablet")
    chat.clock.advance(seconds=1)

    assert too_soon == 429
    assert chat.connects("carol") == 200
    assert chat.connects("alice.tablet") == 200


@pytest.mark.parametrize("frame", ["{", '{"action": "ping"}'])
def test_frames_of_any_kind_count_when_they_are_too_many(frame: str) -> None:
    """A few bad frames close no connection; too many do, as good frames would."""
    chat = tea()
    codes = [chat.says("bob", frame).get("code") for _ in range(11)]

    before = set(chat.push.closed)
    codes += [chat.says("bob", frame).get("code") for _ in range(7)]

    assert "rate_limited" not in codes[:11]
    assert codes[11:] == ["rate_limited"] * 7
    assert before == set()
    assert chat.push.closed == {"bob"}


def test_other_errors_are_no_strikes() -> None:
    """Errors other than rate limits never disconnect a user."""
    chat = Chat(rates=Rates(strikes=Rate(1, 1, 2)))

    codes = {
        chat.says("eve", frame)["code"]
        for _ in range(20)
        for frame in ('{"action": "joinRoom", "roomId": "none"}', '{"action": 5}')
    }

    assert codes == {"room_not_found", "bad_request"}
    assert chat.push.closed == set()


def test_an_unknown_connection_is_closed_alone() -> None:
    """A few frames close an unknown connection, without an event and without a cooldown."""
    chat = tea()
    chat.replies["ghost"] = []

    for _ in range(12):
        assert chat.says("ghost", {"action": "ping"})["type"] == "pong"
    for _ in range(2):
        chat.says("ghost", {"action": "ping"})

    assert chat.push.closed == {"ghost"}
    assert chat.heard("ghost") == []


def test_a_failed_close_is_retried() -> None:
    """If closing fails, the client still gets its error, and the next strike closes again."""
    push = _Failing()
    chat = tea(push)

    replies = flood(chat, "alice", strikes=7)
    tries = push.tries
    push.works = True
    replies.append(say(chat, "alice"))

    assert {reply["code"] for reply in replies} == {"rate_limited"}
    assert (tries, push.closed) == (1, {"alice", "alice.phone"})


def test_without_a_rate_no_user_is_disconnected() -> None:
    """With 0, any number of strikes is allowed."""
    chat = Chat(rates=Rates(connection={"messages": Rate(1, 1, 3)}))
    chat.says("alice", {"action": "createRoom", **TEA})

    flood(chat, "alice", strikes=300)

    assert chat.push.closed == set()


@dataclass
class _Failing(FakePush):
    """A gateway whose first close fails."""

    works: bool = False
    tries: int = 0

    def close(self, connection_ids: Iterable[str]) -> Delivery:
        """Close connections, or fail."""
        self.tries += 1
        if not self.works:
            raise OSError("403")
        return super().close(connection_ids)
