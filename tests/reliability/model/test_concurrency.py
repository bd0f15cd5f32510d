"""Many clients at once on the deployed stack, where up to four functions run side by side."""

import asyncio
from collections import Counter
from collections.abc import Callable

from tests.reliability.model.concurrent_clients import ConcurrentClients, connected_clients
from tests.reliability.model.reference_client import Client
from tests.reliability.model.simulation import new_id
from tests.support.emulator import Stack


def test_twenty_writers_in_ten_rooms(either_stack: Stack) -> None:
    """Every client writes to a common room and to a second of ten rooms at once.

    Each user has two connections. Signed-in users renew their connections meanwhile.
    """
    rooms = [new_id() for _ in range(11)]
    names = [f"{n}{device}" for n in range(10) for device in ("", ".phone")]

    async def scenario() -> None:
        async with connected_clients(either_stack, names) as clients:
            await _scatter(clients, rooms)
            for n, user in enumerate(clients.users):
                for text in range(3):
                    user.say(rooms[0], f"{n} says {text}")
                    user.say(rooms[1 + n // 2], f"{n} says {text}")
            clients.renew()
            for page, phone in zip(clients.users[::2], clients.users[1::2], strict=True):
                for n in range(3):
                    id_ = new_id()
                    page.say(rooms[0], f"twice {n}", id_=id_)
                    phone.say(rooms[0], f"twice {n}", id_=id_)

            assert await clients.verdict(rooms) == []
            renewals = [user.client.record.counts["renewals"] for user in clients.users]
            assert renewals == [1 if either_stack.sign_in else 0] * len(names)
            assert _sent(clients) == Counter({rooms[0]: 20 * 3 + 10 * 3}) + Counter(
                dict.fromkeys(rooms[1:], 6)
            )

    asyncio.run(scenario())


async def _scatter(clients: ConcurrentClients, rooms: list[str]) -> None:
    """Put all clients into the first room, and each user into a room more."""
    await clients.enter(rooms[:1])
    for n, user in enumerate(clients.users):
        user.client.create(rooms[1 + n // 2])
    await clients.idle()


def _sent(clients: ConcurrentClients) -> Counter[str]:
    """Return how many messages each room must have."""
    ids = {
        (sent.room_id, sent.client_message_id)
        for user in clients.users
        for sent in user.client.record.sends
    }
    return Counter(room for room, _ in ids)


def test_joining_while_others_speak(either_stack: Stack) -> None:
    """A client that joins meanwhile gets every message by the reply or an event, unasked."""
    room = new_id()
    names = ["alice", "bob", *(f"guest{n}" for n in range(6))]

    async def scenario() -> None:
        async with connected_clients(either_stack, names) as clients:
            alice, bob, *guests = clients.users
            await ConcurrentClients(either_stack, [alice, bob]).enter([room])
            for user in clients.users:
                await user.until(lambda client: client.is_connected)
                user.client.sync_every = 1000
            for n in range(12):
                alice.say(room, f"a{n}")
                bob.say(room, f"b{n}")
            for n, guest in enumerate(guests):
                await alice.until(has_left(12 - 2 * n))
                guest.client.join(room)
                guest.poke()
            await clients.idle()

            pages = [guest.received("roomJoined")[0]["messages"] for guest in guests]
            assert any(0 < len(page) < 24 for page in pages), "nobody came in between"
            for guest in guests:
                pushed = {frame["message"]["seq"] for frame in guest.received("message")}
                (joined,) = guest.received("roomJoined")
                assert {m["seq"] for m in joined["messages"]} | pushed == set(range(1, 25))
            assert await clients.verdict([room]) == []

    asyncio.run(scenario())


def has_left(count: int) -> Callable[[Client], bool]:
    """Return a condition: fewer than *count* messages are unacknowledged."""
    return lambda client: len(client.unacknowledged) < count


def is_in(count: int) -> Callable[[Client], bool]:
    """Return a condition: the client is in *count* rooms or more."""
    return lambda client: sum(room.inside for room in client.rooms.values()) >= count


def test_two_joins_and_a_lost_connection(either_stack: Stack) -> None:
    """A connection that is lost during its joins leaves every list of subscribers."""
    rooms = [new_id(), new_id()]

    async def scenario() -> None:
        async with connected_clients(
            either_stack, ["alice", *(f"guest{n}" for n in range(8))]
        ) as clients:
            await ConcurrentClients(either_stack, clients.users[:1]).enter(rooms)
            guests = clients.users[1:]
            for guest in guests:
                for room in rooms:
                    guest.client.join(room)
            for n, guest in enumerate(guests):
                await guest.until(lambda client: client.is_connected)  # else nothing is cut
                await guest.until(is_in(n % 3))
                guest.cut()

            assert await clients.verdict(rooms) == []
            assert all(guest.client.record.counts["connections"] >= 2 for guest in guests)

    asyncio.run(scenario())
