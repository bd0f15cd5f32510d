"""Lost networks and crashed servers: no message is lost, duplicated or out of order."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.support.restartable_chat import RestartableChat, kill
from tests.browser.support.user import People, Visitor, people_at
from tests.support.clients.websocket import connected
from tests.support.emulator import Stack

LOST = ("WebSocket connection to", "Failed to load resource")
RECONNECT_TIMEOUT_MS = 60_000.0
"""Milliseconds for a restart of the server and the longest pause between two attempts."""


def wait_until_sent(*visitors: Visitor) -> None:
    """Wait until the visitors are connected and their messages are stored."""
    for visitor in visitors:
        expect(visitor.status).to_have_text("Connected", timeout=RECONNECT_TIMEOUT_MS)
        expect(visitor.pending).to_have_count(0, timeout=RECONNECT_TIMEOUT_MS)


def test_killed_server_loses_nothing(browser: Browser, built_page: Path, tmp_path: Path) -> None:
    """Messages written while the server is down are sent later, in one order for all users."""
    chat = RestartableChat(tmp_path, built_page)
    with people_at(browser, chat.url) as people:
        with chat.running() as aws:
            alice, bob = people.host("Alice", "tea"), people.member("Bob", "tea")
            alice.says("Before")
            bob.sees("Before")

            for visitor in (alice, bob):
                visitor.expects(*LOST)
            kill(aws)
            alice.says("Is anybody there?")
            bob.says("Hello?")
            alice.says("It seems not")
            expect(alice.pending).not_to_have_count(0)

        with chat.running():
            wait_until_sent(alice, bob)
            said = {"Before", "Is anybody there?", "Hello?", "It seems not"}
            for visitor in (alice, bob):
                visitor.sees(*said)
            assert alice.texts() == bob.texts()
            assert own(alice) == ["Before", "Is anybody there?", "It seems not"]

            bob.says("There you are")
            alice.sees("There you are")
            after = alice.texts()
            for visitor in (alice, bob):
                visitor.page.reload()
                visitor.sees(*said, "There you are")
                assert visitor.texts() == after
                expect(visitor.people.get_by_role("listitem")).to_have_count(2)


def test_cut_network_is_caught_up_with(people: People, room: str) -> None:
    """After a lost network, a user receives the missed messages, and unsent messages are sent."""
    alice = people.host("Alice", room)
    bob = people.member("Bob", room)
    alice.says("Before")
    bob.sees("Before")

    bob.expects(*LOST)
    bob.page.context.set_offline(True)
    expect(bob.status).to_have_text("Offline")
    expect(bob.page.get_by_text("You are offline.")).to_be_visible()
    for number in range(1, 4):
        alice.says(f"Missed {number}")
    expect(alice.pending).to_have_count(0)
    bob.says("Said in the tunnel")
    expect(bob.pending).to_have_count(1)
    bob.page.context.set_offline(False)

    wait_until_sent(bob)
    bob.sees("Before", "Missed 1", "Missed 2", "Missed 3", "Said in the tunnel")
    alice.sees("Said in the tunnel")
    assert alice.texts() == bob.texts()
    expect(bob.page.get_by_text("may be missing")).to_have_count(0)


def test_long_absence_is_caught_up_with(people: People, stack: Stack, room: str) -> None:
    """If a user missed more than a page of messages, all of them appear, in order."""
    bob = people.host("Bob", room)
    bob.expects(*LOST)
    bob.page.context.set_offline(True)
    expect(bob.status).to_have_text("Offline")

    missed = [f"{number}" for number in range(1, 131)]
    with connected(stack.web_socket_url, name="Alice") as alice:
        alice.ask("joinRoom", roomId=room)
        for text in missed:
            alice.say(room, text)
    bob.page.context.set_offline(False)
    wait_until_sent(bob)

    bob.sees("130")
    assert read_upwards(bob, "1") == missed


def own(visitor: Visitor) -> list[str]:
    """Return the own messages that a visitor sees."""
    return visitor.messages.locator("article[data-own=true] .bubble").all_inner_texts()


def read_upwards(visitor: Visitor, first: str) -> list[str]:
    """Scroll up from the end to the text *first*, and return all texts from there."""
    read: list[str] = []
    visitor.messages.hover()
    while first not in read:
        in_view = visitor.texts()
        known = in_view.index(read[0]) if read and read[0] in in_view else len(in_view)
        read = in_view[:known] + read
        visitor.page.mouse.wheel(0, -200)
    return read
