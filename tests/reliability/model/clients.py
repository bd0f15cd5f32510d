"""Clients of a chat, each with its own seeded random numbers."""

import random
import zlib

from tests.reliability.model.in_memory_transport import InMemoryUser
from tests.reliability.model.reference_client import Client
from tests.support.harness import Chat


def enter(chat: Chat, name: str) -> InMemoryUser:
    """Return a new client on the harness. The same name has the same random numbers."""
    return InMemoryUser(name, chat, Client(random.Random(zlib.crc32(name.encode()))))
