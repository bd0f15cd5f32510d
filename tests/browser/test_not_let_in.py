"""People whom the chat does not let in: they read so, and are in again as soon as they may."""

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
REFUSED = ("WebSocket connection to", "Failed to load resource")
MOST_OF_A_MINUTE = 46_000
"""Milliseconds of refusals until the page does not call them passing."""
AGAIN_WITHIN = 60_000.0
"""Milliseconds: the longest pause between two attempts."""


@contextmanager
def banned(user_id: str, aws_url: str) -> Iterator[None]:
    """Keep a user out of the whole chat."""
    where = describe(STACK, aws_url)
    try:
        ban(user_id, where)
        yield
    finally:
        unban(user_id, where)


def test_a_refused_person_is_told_why_on_a_phone(guests: People, chat: Chat) -> None:
    """Over the list of rooms, within a minute with what to do, until the ban is lifted."""
    alice = enters(guests, chat, "alice", **PHONE)
    alice.expects(*REFUSED)
    claims = alice.page.evaluate('JSON.parse(localStorage["chat.account"])')
    alice.page.clock.install()
    alice.page.reload()
    expect(alice.status).to_have_text("Connected")
    again = alice.page.get_by_role("button", name="Sign in again")

    with banned(claims["userId"], chat.aws_url):
        expect(alice.status).to_have_text("Access denied")
        expect(alice.page.get_by_role("main")).to_contain_text("Can't connect")
        expect(again).to_have_count(0)

        alice.page.clock.fast_forward(MOST_OF_A_MINUTE)
        expect(again).to_be_visible()
        expect(alice.page.get_by_role("main")).to_contain_text("Trying again in")
        assert violations(alice.page) == []

    alice.page.clock.fast_forward(2 * MOST_OF_A_MINUTE)
    expect(alice.status).to_have_text("Connected")


def test_a_refused_guest_is_told_why(people: People, stack: Stack, room: str) -> None:
    """In the same words; what they write meanwhile is sent when the ban is lifted."""
    alice = people.host("Alice", room)
    alice.expects(*REFUSED)
    key = alice.page.evaluate('JSON.parse(localStorage["chat.guest"]).key')
    user_id = f"guest-{hashlib.sha256(key.encode()).hexdigest()[:32]}"

    with banned(user_id, stack.endpoint_url):
        expect(alice.status).to_have_text("Access denied")
        expect(alice.page.get_by_role("main")).to_contain_text("Can't connect")
        expect(alice.page.get_by_role("button", name="Retry now")).to_be_visible()
        assert violations(alice.page) == []
        alice.says("Later")

    expect(alice.status).to_have_text("Connected", timeout=AGAIN_WITHIN)
    expect(alice.pending).to_have_count(0)
    alice.sees("Later")
