"""Accessibility: keyboard, screen readers, and axe's rules in every view."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.support.axe import violations
from tests.browser.support.moderator import follows, opens_private, settings
from tests.browser.support.user import People, Visitor

WIDE = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
STOPS = 40
"""More presses of Tab than there are focusable elements."""


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """Return each colour scheme in turn."""
    return str(request.param)


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def looks(request: pytest.FixtureRequest, scheme: str) -> dict[str, Any]:
    """Return each window size in turn, in each colour scheme."""
    still = {"color_scheme": scheme, "reduced_motion": "reduce"}
    return {**request.param, **still}


def test_signing_in_breaks_no_rule(people: People, looks: dict[str, Any], room: str) -> None:
    """The form, its error, the lobby, both dialogs and a missing room are accessible."""
    alice = people.visitor(**looks)
    alice.opens()
    clean(alice)
    alice.page.get_by_role("button", name="Start chatting").click()
    clean(alice, alice.page.get_by_text("Please enter a name."))
    alice.signs_in("Alice")
    clean(alice)
    for button in ("New room", "Join"):
        alice.page.get_by_role("button", name=button).first.click()
        clean(alice, alice.page.get_by_role("dialog"))
        close(alice)
    alice.opens(room)
    clean(alice, alice.page.get_by_role("alert"))


def test_talking_breaks_no_rule(people: People, looks: dict[str, Any], room: str) -> None:
    """A room is accessible: empty, with messages, its people, leaving, and without a network."""
    people.host("Bob", room)
    alice = people.member("Alice", room, **looks)
    clean(alice, alice.page.get_by_text("No messages yet."))
    bob = people.member("Carol", room)
    for text in ("Hello!", "https://example.com/", "Many\nlines"):
        bob.says(text)
        alice.says(text)
    expect(alice.bubbles).to_have_count(6)
    expect(alice.pending).to_have_count(0)
    clean(alice)
    bob.says("A line\n" * 60)
    clean(alice, alice.page.get_by_role("button", name="Show more of the message from Carol"))
    alice.page.get_by_role("button", name="Show more of the message from Carol").click()
    clean(alice, alice.page.get_by_role("button", name="Show less of the message from Carol"))
    if looks["viewport"]["width"] < 1000:
        alice.page.get_by_role("button", name="Show members").click()
        clean(alice, alice.page.get_by_role("dialog"))
        close(alice)
    alice.page.get_by_role("button", name="Leave the room").click()
    clean(alice, alice.page.get_by_role("dialog"))
    close(alice)
    alice.expects("WebSocket connection to", "Failed to load resource")
    alice.page.context.set_offline(True)
    clean(alice, alice.page.get_by_text("You are offline."))


def test_inviting_breaks_no_rule(people: People, looks: dict[str, Any], room: str) -> None:
    """The dialogs for private rooms, links and invitations are accessible."""
    alice, bob = people.visitor(**looks), people.visitor(**looks)
    for visitor, name in ((alice, "Alice"), (bob, "Bob")):
        visitor.opens()
        visitor.signs_in(name)
    alice.creates(room, "Tea time")
    follows(bob, alice.link(room))
    bob.opens()
    bob.page.get_by_role("button", name="Join").first.click()
    public = bob.page.get_by_role("dialog").get_by_role("group", name="Public rooms")
    clean(bob, public.get_by_role("link", name="Tea time"))
    close(bob)
    alice.opens()
    alice.page.get_by_role("button", name="New room").first.click()
    dialog = alice.page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Private").check()
    clean(alice)
    close(alice)

    opens_private(alice, "Plans")
    alice.page.get_by_role("button", name="Invite people").click()
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog.get_by_label("Invite link")).to_be_visible()
    dialog.get_by_role("button", name="Invite Bob").click()
    clean(alice, dialog.get_by_text("invited", exact=True))
    clean(bob, bob.page.get_by_text("Alice invites you to Plans").first)
    close(alice)
    alice.page.get_by_role("button", name="Room settings").click()
    clean(alice, dialog.get_by_text("1 use left"))
    dialog.get_by_role("button", name="Revoke the invite of Alice").click()
    clean(alice, dialog.get_by_role("button", name="Revoke", exact=True))


def test_moderation_breaks_no_rule(people: People, looks: dict[str, Any], room: str) -> None:
    """Menus, settings and questions are accessible, and so are a mute and a removal."""
    alice, bob = people.visitor(**looks), people.visitor(**looks)
    for visitor, name in ((alice, "Alice"), (bob, "Bob")):
        visitor.opens()
        visitor.signs_in(name)
    alice.creates(room, "Tea time")
    follows(bob, alice.link(room))
    bob.says("Hello!")
    alice.sees("Hello!")
    alice.page.get_by_role("button", name="Delete this message").click()
    clean(alice, alice.page.get_by_role("dialog", name="Delete this message?"))
    alice.page.get_by_role("button", name="Delete", exact=True).click()
    clean(alice, alice.bubbles.get_by_text("Message deleted"))

    clean(alice, settings(alice).get_by_text("Nobody is banned."))
    alice.page.get_by_role("button", name="Delete the room…").click()
    clean(alice, alice.page.get_by_role("dialog", name="Delete the room?"))
    close(alice)
    if looks["viewport"]["width"] < 1000:
        alice.page.get_by_role("button", name="Show members").click()
    about = alice.page.get_by_role("button", name="Actions for Bob")
    about.click()
    clean(alice, alice.page.get_by_role("dialog", name="Bob"))
    alice.page.get_by_role("button", name="Mute for 5 minutes").click()
    clean(alice, alice.page.get_by_text("muted", exact=True))
    clean(bob, bob.page.get_by_text("You are muted until"))
    about.click()
    alice.page.get_by_role("button", name="Ban…").click()
    clean(alice, alice.page.get_by_role("dialog", name="Ban from the room?"))
    alice.page.get_by_role("button", name="Ban", exact=True).click()
    clean(bob, bob.page.get_by_role("alert"))


def test_config_error_breaks_no_rule(people: People, looks: dict[str, Any]) -> None:
    """The page without a configuration is accessible."""
    alice = people.visitor(**looks)
    alice.expects("Failed to load resource")
    alice.page.route("**/config.json", lambda route: route.fulfill(status=404))
    alice.opens()

    clean(alice, alice.page.get_by_role("alert"))


def test_everything_works_with_the_keyboard(people: People, room: str) -> None:
    """A user without a mouse can sign in, create a room, write, read and leave."""
    alice = people.visitor()
    key = alice.page.keyboard.press
    write = alice.page.keyboard.type
    alice.opens()
    expect(alice.page.get_by_label("Your name")).to_be_focused()
    write("Alice")
    key("Enter")
    expect(alice.status).to_have_text("Connected")

    reach(alice, alice.page.get_by_role("button", name="New room").first)
    key("Enter")
    expect(alice.page.get_by_role("dialog").get_by_label("Name")).to_be_focused()
    write("Tea time")
    key("Tab")
    expect(alice.page.get_by_role("radio", name="Public")).to_be_focused()
    key("Tab")
    key("ControlOrMeta+A")
    write(room)
    key("Enter")
    expect(alice.composer).to_be_visible()
    reach(alice, alice.composer)
    write("Hello")
    key("Enter")
    alice.sees("Hello")

    reach(alice, alice.messages, back=True)
    leave = alice.page.get_by_role("button", name="Leave the room")
    reach(alice, leave, back=True)
    key("Enter")
    dialog = alice.page.get_by_role("dialog", name="Leave this room?")
    expect(dialog).to_be_visible()
    close(alice)
    expect(leave).to_be_focused()
    key("Enter")
    expect(dialog).to_be_visible()
    reach(alice, dialog.get_by_role("button", name="Leave", exact=True))
    key("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("You are the only owner.")
    reach(alice, dialog.get_by_role("button", name="Just hide it from my list"), back=True)
    key("Enter")
    expect(alice.page.get_by_role("heading", name="Pick a room")).to_be_visible()


def test_first_stop_skips_the_rooms(people: People, room: str) -> None:
    """A keyboard user can skip the list of rooms."""
    alice = people.host("Alice", room)
    alice.page.reload()
    expect(alice.composer).to_be_visible()
    alice.page.evaluate("document.activeElement.blur()")

    skip = alice.page.get_by_role("link", name="Skip to the conversation")
    reach(alice, skip)
    expect(skip).to_be_in_viewport()
    alice.page.keyboard.press("Enter")

    expect(alice.page.get_by_role("main")).to_be_focused()
    assert alice.page.url == alice.link(room)


def test_new_messages_are_announced(people: People, new_room: Callable[[], str]) -> None:
    """Screen readers announce new messages of others, and not the history."""
    room = new_room()
    alice = people.host("Alice", room)
    alice.says("Before")
    expect(alice.pending).to_have_count(0)
    bob = people.member("Bob", room)
    bob.sees("Before")

    alice.says("After")

    log = bob.page.get_by_role("log")
    expect(log).to_have_text("Alice: After")
    expect(log).to_have_attribute("aria-live", "polite")


def clean(visitor: Visitor, shown: Locator | None = None) -> None:
    """Wait for *shown*, then expect that no rule is broken and nothing overflows sideways."""
    if shown:
        expect(shown.first).to_be_visible()
    assert violations(visitor.page) == []
    page = "document.scrollingElement"
    assert not visitor.page.evaluate(f"{page}.scrollWidth > {page}.clientWidth")


def close(visitor: Visitor) -> None:
    """Close a dialog."""
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.locator("dialog")).to_have_count(0)


def reach(visitor: Visitor, target: Locator, *, back: bool = False) -> None:
    """Press Tab until *target* has the focus."""
    for _ in range(STOPS):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        visitor.page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{target} cannot be reached by keyboard")
