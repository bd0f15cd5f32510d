"""Conversations: talking, coming back, inviting, and two tabs."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.support.user import People


def test_two_people_chat(people: People, room: str) -> None:
    """Each user receives the other's messages at once, under the right name, and once."""
    alice = people.host("Alice", room)
    bob = people.member("Bob", room)

    alice.says("Milk first?")
    bob.sees("Milk first?")
    bob.says("Never.")
    alice.sees("Milk first?", "Never.")

    expect(bob.messages.get_by_role("article").filter(has_text="Alice")).to_have_count(1)
    expect(alice.people).to_contain_text("Bob")
    expect(alice.people).to_contain_text("2")
    expect(alice.pending).to_have_count(0)


def test_closed_tab_leaves_the_member_list(people: People, room: str) -> None:
    """If a user closes the only tab, the member list no longer contains the user."""
    alice = people.host("Alice", room)
    bob = people.member("Bob", room)
    expect(alice.people).to_contain_text("Bob")

    bob.page.close()

    expect(alice.people).not_to_contain_text("Bob")


def test_reload_restores_the_session(people: People, room: str) -> None:
    """After a reload, the guest, the room, the messages and the draft are the same."""
    alice = people.host("Alice", room)
    alice.says("One")
    alice.says("Two")
    expect(alice.pending).to_have_count(0)
    alice.composer.fill("half a thou")

    alice.page.reload()

    alice.sees("One", "Two")
    expect(alice.messages.locator("article[data-own=true]")).to_have_count(2)
    expect(alice.composer).to_have_value("half a thou")
    alice.says("Three")
    alice.sees("One", "Two", "Three")
    expect(alice.people.get_by_role("listitem")).to_have_count(1)


def test_link_invites_to_a_room(people: People, room: str) -> None:
    """A guest who follows a link enters a name, and is in the room with its history."""
    alice = people.host("Alice", room, room_name="Tea & cakes")
    alice.says("Welcome!")
    alice.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alice.page.get_by_role("button", name="Copy a link to this room").click()
    expect(alice.page.get_by_text("Link copied")).to_be_visible()
    link = alice.page.evaluate("navigator.clipboard.readText()")

    bob = people.visitor()
    bob.page.goto(link)
    expect(bob.page.get_by_text(f"You're invited to {room}")).to_be_visible()
    bob.signs_in("Bob")

    bob.sees("Welcome!")
    expect(bob.page.get_by_role("heading", name="Tea & cakes")).to_be_visible()
    assert link == alice.link(room)


def test_link_to_a_missing_room_offers_to_create_it(people: People, room: str) -> None:
    """A link does not create a room. A button on the page creates it."""
    alice = people.visitor()
    alice.opens(room)
    alice.signs_in("Alice")
    expect(alice.page.get_by_role("alert")).to_contain_text("There is no such room")

    alice.page.get_by_role("button", name="Create it now").click()

    alice.says("Then I am the first")
    alice.sees("Then I am the first")


def test_two_tabs_are_one_user(people: People, room: str) -> None:
    """Both tabs show the messages of either as own messages, and the room counts one user."""
    here = people.host("Alice", room)
    there = people.another_tab(here)
    there.opens(room)
    expect(there.composer).to_be_visible()

    here.says("From the one")
    there.sees("From the one")
    there.says("From the other")
    here.sees("From the one", "From the other")

    for tab in (here, there):
        expect(tab.messages.locator("article[data-own=true]")).to_have_count(2)
        expect(tab.people.get_by_role("listitem")).to_have_count(1)
    there.page.close()
    here.says("Still here")
    here.sees("Still here")
    expect(here.people.get_by_role("listitem")).to_have_count(1)


def test_unread_is_counted_and_marked(people: People, room: str) -> None:
    """Unread messages are counted at their room. In the room, a mark shows where they begin."""
    alice = people.host("Alice", room, room_name="Tea time")
    bob = people.member("Bob", room)
    alice.says("Before")
    bob.sees("Before")
    bob.creates(f"{room}-2", "Elsewhere")

    alice.says("One")
    alice.says("Two")

    expect(bob.room_link("Tea time")).to_contain_text("2 unread")
    expect(bob.page).to_have_title(re.compile(r"^\(2\) "))
    bob.room_link("Tea time").click()
    expect(bob.messages.get_by_text("New messages")).to_have_count(1)
    bob.sees("Before", "One", "Two")
    expect(bob.room_link("Tea time")).not_to_contain_text("unread")


def test_many_lines_are_one_message(people: People, room: str) -> None:
    """Shift and Enter break the line, a paste keeps its lines, and Enter sends the message."""
    alice = people.host("Alice", room)
    bob = people.member("Bob", room)

    alice.composer.press_sequentially("first")
    alice.composer.press("Shift+Enter")
    alice.page.keyboard.insert_text("second\n\tthird\n\nfifth")
    alice.composer.press("Enter")

    expect(bob.bubbles).to_have_count(1)
    assert bob.texts() == ["first\nsecond\n\tthird\n\nfifth"]


def test_leaving_a_room_forgets_it(people: People, room: str) -> None:
    """A user who leaves disappears from the member list, and the room from the user's list."""
    alice = people.host("Alice", room, room_name="Tea time")
    bob = people.member("Bob", room)

    bob.page.get_by_role("button", name="Leave the room").click()
    dialog = bob.page.get_by_role("dialog", name="Leave this room?")
    dialog.get_by_role("button", name="Leave", exact=True).click()

    expect(alice.people).not_to_contain_text("Bob")
    bob.page.reload()
    expect(bob.status).to_have_text("Connected")
    expect(bob.room_link("Tea time")).to_have_count(0)


def test_long_message_is_folded(people: People, room: str) -> None:
    """A message of 2,000 lines takes 20 lines of the screen until the reader unfolds it.

    Its beginning stays in place. After the reader has scrolled away and back, it is as it was.
    """
    alice = people.host("Alice", room)
    bob = people.member("Bob", room)
    alice.says("Before")
    alice.says("begin" + "\n" * 1_990 + "https://end.example/")
    bubble, more = bob.bubbles.nth(1), bob.page.get_by_role("button", name="Show more of")
    expect(bubble).to_contain_text("begin")
    expect(more).to_have_attribute("aria-expanded", "false")
    folded = height(bubble)
    assert 300 < folded < 700

    more.press("Enter")

    less = bob.page.get_by_role("button", name="Show less of the message from Alice")
    expect(less).to_be_focused()
    assert height(bubble) > 20_000
    expect(bubble).to_be_in_viewport()
    assert bubble.evaluate("it => it.getBoundingClientRect().top") > 0
    for n in range(40):
        alice.says(f"After {n}")
    bob.page.get_by_role("button", name="40 new").click()
    expect(bob.bubbles.get_by_text("After 39", exact=True)).to_be_in_viewport()
    expect(bob.bubbles.get_by_text("begin")).to_have_count(0)
    bob.messages.press("Home")
    less.scroll_into_view_if_needed()
    less.click()
    expect(more).to_be_in_viewport()
    assert height(bubble) == folded


def test_focus_below_the_fold_unfolds(people: People, room: str) -> None:
    """If the keyboard reaches a link that the fold hides, the message unfolds."""
    alice = people.host("Alice", room)
    alice.says("begin\n" * 30 + "https://end.example/")
    expect(alice.page.get_by_role("button", name="Show more of your message")).to_be_visible()

    alice.bubbles.get_by_role("link").focus()

    expect(alice.page.get_by_role("button", name="Show less of your message")).to_be_visible()
    expect(alice.bubbles.get_by_role("link")).to_be_in_viewport()


def height(element: Locator) -> int:
    """Return the height of an element in whole pixels."""
    pixels: float = element.evaluate("it => it.getBoundingClientRect().height")
    return round(pixels)
