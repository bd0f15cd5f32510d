"""What people come for: they talk, they come back, they invite, they use two tabs."""

import re

from playwright.sync_api import expect

from tests.browser.support.user import People


def test_two_people_chat(people: People, room: str) -> None:
    """Each sees at once what the other says, under the other's name; nothing appears twice."""
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


def test_who_leaves_is_seen_to_leave(people: People, room: str) -> None:
    """A closed tab takes its person off the member list."""
    alice = people.host("Alice", room)
    bob = people.member("Bob", room)
    expect(alice.people).to_contain_text("Bob")

    bob.page.close()

    expect(alice.people).not_to_contain_text("Bob")


def test_reload_finds_the_same_person_in_the_same_place(people: People, room: str) -> None:
    """After a reload: the same guest, the same room, all that was said, the draft."""
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
    """Whoever follows a link says who they are, and is in the room, with its history."""
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


def test_link_to_no_room_says_so_and_offers_one(people: People, room: str) -> None:
    """No room is made by accident; making it takes one press."""
    alice = people.visitor()
    alice.opens(room)
    alice.signs_in("Alice")
    expect(alice.page.get_by_role("alert")).to_contain_text("There is no such room")

    alice.page.get_by_role("button", name="Create it now").click()

    alice.says("Then I am the first")
    alice.sees("Then I am the first")


def test_two_tabs_are_one_person(people: People, room: str) -> None:
    """Both tabs show what either says, as one's own; the room counts one person."""
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
    """What is said elsewhere is counted at its room; coming back, a mark is where it begins."""
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
    """Shift and Enter break the line, a paste keeps its lines, Enter sends the whole."""
    alice = people.host("Alice", room)
    bob = people.member("Bob", room)

    alice.composer.press_sequentially("first")
    alice.composer.press("Shift+Enter")
    alice.page.keyboard.insert_text("second\n\tthird\n\nfifth")
    alice.composer.press("Enter")

    expect(bob.bubbles).to_have_count(1)
    assert bob.texts() == ["first\nsecond\n\tthird\n\nfifth"]


def test_leaving_a_room_forgets_it(people: People, room: str) -> None:
    """Who leaves is off the others' list, and the room is off theirs, also after a reload."""
    alice = people.host("Alice", room, room_name="Tea time")
    bob = people.member("Bob", room)

    bob.page.get_by_role("button", name="Leave the room").click()
    dialog = bob.page.get_by_role("dialog", name="Leave this room?")
    dialog.get_by_role("button", name="Leave", exact=True).click()

    expect(alice.people).not_to_contain_text("Bob")
    bob.page.reload()
    expect(bob.status).to_have_text("Connected")
    expect(bob.room_link("Tea time")).to_have_count(0)
