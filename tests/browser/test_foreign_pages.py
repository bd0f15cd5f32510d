"""A page of another origin, in the browser of a developer whose chat runs on this machine."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.support.foreign_page import foreign_page
from tests.browser.support.user import People
from tests.support.emulator import Stack
from tests.support.emulator_state import State

MOST_MS = 60_000.0


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_it_changes_nothing_and_reads_nothing(
    browser: Browser, people: People, stack: Stack, room: str, name: str
) -> None:
    """The emulator refuses all of its requests. The page of the chat still works."""
    alice = people.host("Alice", room)
    alice.says("before")
    before = State(stack, room)

    with foreign_page(stack.endpoint_url, stack.web_socket_url) as url:
        page = browser.new_page()
        page.goto(url.replace("127.0.0.1", name))
        page.wait_for_function("window.results", timeout=MOST_MS)
        results = page.evaluate("window.results")
        page.close()

    # "opaque" is an answer that the page may not read; a frame shows the text of the error.
    unreadable = {it for it, result in results.items() if result in ("opaque", "loaded")}
    assert {result for it, result in results.items() if it not in unreadable} == {"failed"}, results
    assert {"reset", "config", "role by POST as test", "function as test"} <= unreadable
    before.assert_unchanged()
    bob = people.member("Bob", room)
    alice.says("after")
    expect(bob.bubbles.last).to_have_text("after")
