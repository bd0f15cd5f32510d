"""Clients for the chat at hand, each with dice of its own."""

import random
import zlib

from tests.guarantees.client import Client
from tests.guarantees.over_harness import Person
from tests.harness import Chat


def enter(chat: Chat, name: str) -> Person:
    """Somebody new at the harness; the same name throws the same dice."""
    return Person(name, chat, Client(random.Random(zlib.crc32(name.encode()))))
