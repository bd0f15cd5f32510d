"""Rejected users read the possible reasons, and are connected again after the ban."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from local.deploy import STACK
from ops.bans import ban, unban
from ops.deployment import describe
from tests.browser.support.axe import violations
from tests.browser.support.signed_in import Chat, enters
from tests.browser.support.user import People
from tests.support.emulator import Stack

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
REJECTED = ("WebSocket connection to", "Failed to load resource")
REJECTED_FOR_MS = 46_000
"""Milliseconds of rejections until the page offers another sign-in."""
RECONNECT_TIMEOUT_MS = 60_000.0
"""Milliseconds of the longest pause between two attempts."""


@contextmanager
def banned(user_id: str, aws_url: str) -> Iterator[None]:
    """Ban a user from the whole chat."""
    where = describe(STACK, aws_url)
    try:
        ban(user_id, where)
        yield
    finally:
        unban(user_id, where)


def test_rejected_user_reads_the_reasons_on_a_phone(guests: People, chat: Chat) -> None:
    """The notice is above the list of rooms, and offers another sign-in within a minute."""
    alice = enters(guests, chat, "alice", **PHONE)
    alice.expects(*REJECTED)
    claims = alice.page.evaluate('JSON.parse(localStorage["chat.account"])')
    alice.page.clock.install()
    alice.page.reload()
    expect(alice.status).to_have_text("Connected")
    again = alice.page.get_by_role("button", name="Sign in again")

    with banned(claims["userId"], chat.aws_url):
        expect(alice.status).to_have_text("Access denied")
        expect(alice.page.get_by_role("main")).to_contain_text("Can't connect")
        expect(again).to_have_count(0)

        alice.page.clock.fast_forward(REJECTED_FOR_MS)
        expect(again).to_be_visible()
        expect(alice.page.get_by_role("main")).to_contain_text("Trying again in")
        assert violations(alice.page) == []

    alice.page.clock.fast_forward(2 * REJECTED_FOR_MS)
    expect(alice.status).to_have_text("Connected")


def test_rejected_guest_reads_the_reasons(people: People, stack: Stack, room: str) -> None:
    """A guest reads the same notice. Messages written meanwhile are sent after the ban."""
    alice = people.host("Alice", room)
    alice.expects(*REJECTED)
    key = alice.page.evaluate('JSON.parse(localStorage["chat.guest"]).key')
    user_id = f"guest-{hashlib.sha256(key.encode()).hexdigest()[:32]}"

    with banned(user_id, stack.endpoint_url):
        expect(alice.status).to_have_text("Access denied")
        expect(alice.page.get_by_role("main")).to_contain_text("Can't connect")
        expect(alice.page.get_by_role("button", name="Retry now")).to_be_visible()
        assert violations(alice.page) == []
        alice.says("Later")

    expect(alice.status).to_have_text("Connected", timeout=RECONNECT_TIMEOUT_MS)
    expect(alice.pending).to_have_count(0)
    alice.sees("Later")
