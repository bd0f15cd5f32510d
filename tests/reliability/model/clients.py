"""Clients for the chat at hand, each with dice of its own."""

import random
import zlib

from tests.reliability.model.in_memory_transport import Person
from tests.reliability.model.reference_client import Client
from tests.support.harness import Chat


def enter(chat: Chat, name: str) -> Person:
    """Somebody new at the harness; the same name throws the same dice."""
    return Person(name, chat, Client(random.Random(zlib.crc32(name.encode()))))
