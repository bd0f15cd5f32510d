"""Tunnels, sleeping laptops and crashed servers: nothing is lost, doubled or out of order."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.support.restartable_chat import Laptop, kill
from tests.browser.support.user import People, Visitor, people_at
from tests.support.clients.websocket import connected
from tests.support.emulator import Stack

LOST = ("WebSocket connection to", "Failed to load resource")
AGAIN_WITHIN = 60_000.0
"""Milliseconds: a restart of the server, and the longest pause between two attempts."""


def back(*visitors: Visitor) -> None:
    """Wait until they are connected, and all they said is stored."""
    for visitor in visitors:
        expect(visitor.status).to_have_text("Connected", timeout=AGAIN_WITHIN)
        expect(visitor.pending).to_have_count(0, timeout=AGAIN_WITHIN)


def test_killed_server_loses_nothing(browser: Browser, built_page: Path, tmp_path: Path) -> None:
    """What is said while the server is dead waits, and is there in one order when it is back."""
    laptop = Laptop(tmp_path, built_page)
    with people_at(browser, laptop.url) as people:
        with laptop.on() as aws:
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

        with laptop.on():
            back(alice, bob)
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
    """Who comes out of a tunnel has all that was said, and what they wrote in it is sent."""
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

    back(bob)
    bob.sees("Before", "Missed 1", "Missed 2", "Missed 3", "Said in the tunnel")
    alice.sees("Said in the tunnel")
    assert alice.texts() == bob.texts()
    expect(bob.page.get_by_text("may be missing")).to_have_count(0)


def test_long_absence_is_caught_up_with(people: People, stack: Stack, room: str) -> None:
    """More than one page of messages was missed; all of them are there, in order."""
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
    back(bob)

    bob.sees("130")
    assert read_upwards(bob, "1") == missed


def own(visitor: Visitor) -> list[str]:
    """What the visitor said, as the visitor sees it."""
    return visitor.messages.locator("article[data-own=true] .bubble").all_inner_texts()


def read_upwards(visitor: Visitor, first: str) -> list[str]:
    """All texts down from *first*, scrolling up to it from the end."""
    read: list[str] = []
    visitor.messages.hover()
    while first not in read:
        in_view = visitor.texts()
        known = in_view.index(read[0]) if read and read[0] in in_view else len(in_view)
        read = in_view[:known] + read
        visitor.page.mouse.wheel(0, -200)
    return read
