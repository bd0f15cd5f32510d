"""A room beyond the inline limit, over real WebSockets: its messages go by the queue."""

import asyncio
import uuid

from tests.e2e.crowd import PATIENCE, Listener, crowd

PEOPLE = 1_000
TEXTS = [f"message {n}" for n in range(20)]


def test_everyone_in_a_large_room_hears_everything(web_socket_url: str) -> None:
    """A thousand people hear twenty messages, each of them all; the room knows its size."""
    room_id = uuid.uuid4().hex

    async def scene() -> list[set[str]]:
        async with crowd(web_socket_url, room_id, PEOPLE) as people:
            speaker, *others = people
            for text in TEXTS:
                sent = await speaker.ask("sendMessage", roomId=room_id, text=text)
                assert sent["type"] == "messageSent"
                await asyncio.gather(*(one.has_heard([text]) for one in others))
            await knows_its_size(speaker, room_id)
            return [set(one.said.values()) for one in others]

    heard = asyncio.run(scene())

    assert len(heard) == PEOPLE - 1
    assert all(texts == set(TEXTS) for texts in heard)


async def knows_its_size(one: Listener, room_id: str) -> None:
    """Wait for `memberCount` to be right: in a large room it may be a moment old."""
    async with asyncio.timeout(PATIENCE):
        while (await one.ask("listMembers", roomId=room_id))["memberCount"] != PEOPLE:
            pass
