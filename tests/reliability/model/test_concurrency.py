"""Many at once on the deployed stack, where up to four functions run side by side."""

import asyncio
from collections import Counter
from collections.abc import Callable

from tests.reliability.model.concurrent_clients import Crowd, crowd
from tests.reliability.model.reference_client import Client
from tests.reliability.model.simulation import new_id
from tests.support.emulator import Stack


def test_twenty_writers_in_ten_rooms(either_stack: Stack) -> None:
    """Everyone writes to one room and to one of ten others, at once; half of them on two lines.

    Those who have signed in renew their connections meanwhile.
    """
    rooms = [new_id() for _ in range(11)]
    names = [f"{n}{line}" for n in range(10) for line in ("", ".phone")]

    async def scenario() -> None:
        async with crowd(either_stack, names) as all_:
            await _scatter(all_, rooms)
            for n, person in enumerate(all_.people):
                for text in range(3):
                    person.say(rooms[0], f"{n} says {text}")
                    person.say(rooms[1 + n // 2], f"{n} says {text}")
            all_.renew()
            for laptop, phone in zip(all_.people[::2], all_.people[1::2], strict=True):
                for n in range(3):
                    id_ = new_id()
                    laptop.say(rooms[0], f"twice {n}", id_=id_)
                    phone.say(rooms[0], f"twice {n}", id_=id_)

            assert await all_.verdict(rooms) == []
            renewals = [person.client.record.counts["renewals"] for person in all_.people]
            assert renewals == [1 if either_stack.sign_in else 0] * len(names)
            assert _sent(all_) == Counter({rooms[0]: 20 * 3 + 10 * 3}) + Counter(
                dict.fromkeys(rooms[1:], 6)
            )

    asyncio.run(scenario())


async def _scatter(all_: Crowd, rooms: list[str]) -> None:
    """All are in the first room; each user has one more."""
    await all_.enter(rooms[:1])
    for n, person in enumerate(all_.people):
        person.client.create(rooms[1 + n // 2])
    await all_.idle()


def _sent(all_: Crowd) -> Counter[str]:
    """How many messages each room must have."""
    ids = {
        (sent.room_id, sent.client_message_id)
        for person in all_.people
        for sent in person.client.record.sends
    }
    return Counter(room for room, _ in ids)


def test_joining_while_others_speak(either_stack: Stack) -> None:
    """Whoever comes in between hears every message from the reply or as an event, unasked."""
    room = new_id()
    names = ["alice", "bob", *(f"guest{n}" for n in range(6))]

    async def scenario() -> None:
        async with crowd(either_stack, names) as all_:
            alice, bob, *guests = all_.people
            await Crowd(either_stack, [alice, bob]).enter([room])
            for person in all_.people:
                await person.until(lambda client: client.is_connected)
                person.client.sync_every = 1000
            for n in range(12):
                alice.say(room, f"a{n}")
                bob.say(room, f"b{n}")
            for n, guest in enumerate(guests):
                await alice.until(has_left(12 - 2 * n))
                guest.client.join(room)
                guest.poke()
            await all_.idle()

            pages = [guest.told("roomJoined")[0]["messages"] for guest in guests]
            assert any(0 < len(page) < 24 for page in pages), "nobody came in between"
            for guest in guests:
                told = {frame["message"]["seq"] for frame in guest.told("message")}
                (joined,) = guest.told("roomJoined")
                assert {m["seq"] for m in joined["messages"]} | told == set(range(1, 25))
            assert await all_.verdict([room]) == []

    asyncio.run(scenario())


def has_left(count: int) -> Callable[[Client], bool]:
    """Whether fewer than *count* messages have still to be acknowledged."""
    return lambda client: len(client.unacknowledged) < count


def is_in(count: int) -> Callable[[Client], bool]:
    """Whether a client is in so many rooms."""
    return lambda client: sum(place.inside for place in client.places.values()) >= count


def test_two_joins_and_a_cut_line(either_stack: Stack) -> None:
    """Whoever is cut off while joining is in no audience when the dust settles."""
    rooms = [new_id(), new_id()]

    async def scenario() -> None:
        async with crowd(either_stack, ["alice", *(f"guest{n}" for n in range(8))]) as all_:
            await Crowd(either_stack, all_.people[:1]).enter(rooms)
            guests = all_.people[1:]
            for guest in guests:
                for room in rooms:
                    guest.client.join(room)
            for n, guest in enumerate(guests):
                await guest.until(is_in(n % 3))
                guest.cut()

            assert await all_.verdict(rooms) == []
            assert all(guest.client.record.counts["connections"] >= 2 for guest in guests)

    asyncio.run(scenario())
