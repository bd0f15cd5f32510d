"""Rooms of people who have signed in: private ones, roles, and what those allow."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from tests.browser.support.axe import violations
from tests.browser.support.moderator import (
    deletes,
    does,
    entry,
    follows,
    invite_link,
    menu,
    opens_private,
    settings,
)
from tests.browser.support.signed_in import Chat, enters
from tests.browser.support.user import People, Visitor

GONE = "There is no such room"


@pytest.fixture
def three(guests: People, chat: Chat) -> Mapping[str, Visitor]:
    """Three people in windows of their own."""
    return {name: enters(guests, chat, name) for name in chat.passwords}


def test_a_private_room_is_entered_by_an_invite_alone(three: Mapping[str, Visitor]) -> None:
    """Its address is no room to a stranger; a link with an invite lets in one, and is gone then."""
    alice, bob, dave = three.values()
    opens_private(alice, "Plans")
    plain = alice.page.url

    bob.page.goto(plain)
    expect(bob.page.get_by_role("alert")).to_contain_text(GONE)
    link = invite_link(alice)
    follows(bob, link)

    expect(bob.page.get_by_role("heading", name="Plans")).to_contain_text("private")
    assert bob.page.url == plain
    alice.says("Only us")
    bob.sees("Only us")
    dave.page.goto(link)
    expect(dave.page.get_by_role("alert")).to_contain_text("used up or expired")
    bob.page.reload()
    bob.sees("Only us")


def test_somebody_one_knows_is_invited(three: Mapping[str, Visitor], room: str) -> None:
    """They see from whom and to what, and enter by one press."""
    alice, bob, _ = three.values()
    alice.creates(room, "Tea time")
    follows(bob, alice.link(room))
    opens_private(alice, "Surprise")

    alice.page.get_by_role("button", name="Invite people").click()
    dialog = alice.page.get_by_role("dialog", name="Invite people")
    dialog.get_by_role("button", name="Invite bob").click()
    expect(dialog).to_contain_text("invited")

    invitation = bob.rooms.get_by_role("list", name="Invitations")
    expect(invitation).to_contain_text("alice invites you to Surprise")
    invitation.get_by_role("link", name="Join").click()
    expect(bob.page.get_by_role("heading", name="Surprise")).to_be_visible()
    expect(invitation).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()
    expect(entry(alice, "bob")).to_be_visible()


def test_a_moderator_mutes_and_is_told_of(three: Mapping[str, Visitor], room: str) -> None:
    """A role is seen in every window, and its buttons are there at once; who is muted reads on."""
    alice, bob, dave = three.values()
    alice.creates(room, "Tea time")
    for guest in (bob, dave):
        follows(guest, alice.link(room))
    expect(bob.people.get_by_role("button", name="Actions for")).to_have_count(0)

    does(alice, "bob", "Make moderator")
    for visitor in (alice, bob, dave):
        expect(entry(visitor, "bob")).to_contain_text("moderator")
    does(bob, "dave", "Mute for 5 minutes")

    expect(entry(alice, "dave")).to_contain_text("muted")
    expect(dave.page.get_by_text("You are muted until")).to_be_visible()
    expect(dave.composer).not_to_be_editable()
    alice.says("Now listen")
    dave.sees("Now listen")
    expect(bob.people.get_by_role("button", name="Actions for alice")).to_have_count(0)
    does(bob, "dave", "Unmute")
    expect(dave.composer).to_be_editable()
    dave.says("Thank you")
    alice.sees("Thank you")


@pytest.mark.parametrize(
    ("ways", "title", "line"),
    [
        (
            ("Remove from the room…", "Remove"),
            "You were removed from this room",
            "You were removed",
        ),
        (("Ban…", "Ban"), "You are banned from this room", "You are banned"),
    ],
    ids=["kicked", "banned"],
)
def test_who_is_put_out_is_told_why(
    three: Mapping[str, Visitor], room: str, ways: tuple[str, str], title: str, line: str
) -> None:
    """At once, after a reload as well, and in the list of rooms until they take it off."""
    alice, bob, _ = three.values()
    alice.creates(room, "Tea time")
    follows(bob, alice.link(room))
    bob.composer.fill("half a thou")

    does(alice, "bob", *ways)

    expect(bob.page.get_by_role("alert")).to_contain_text(title)
    expect(bob.composer).to_have_count(0)
    expect(entry(alice, "bob")).to_have_count(0)
    bob.page.reload()
    expect(bob.status).to_have_text("Connected")
    expect(bob.page.get_by_role("alert")).to_contain_text(title)
    expect(bob.room_link("Tea time")).to_contain_text(line)
    assert violations(bob.page) == []
    bob.page.get_by_role("button", name="Remove from my list").click()
    expect(bob.room_link("Tea time")).to_have_count(0)


def test_who_is_put_out_of_a_private_room_comes_back_by_an_invite(
    three: Mapping[str, Visitor],
) -> None:
    """There is no other way: a button leads nowhere, until they are made a member again."""
    alice, bob, _ = three.values()
    opens_private(alice, "Plans")
    follows(bob, invite_link(alice))
    plans = bob.page.url

    does(alice, "bob", "Remove from the room…", "Remove")

    told = bob.page.get_by_role("alert")
    expect(told).to_contain_text("To rejoin, you need a new invite.")
    expect(bob.page.get_by_role("button", name="Rejoin")).to_have_count(0)
    assert violations(bob.page) == []
    bob.page.get_by_role("button", name="Remove from my list").click()
    bob.page.goto(plans)
    expect(told).to_contain_text("you are not a member")
    expect(told).not_to_contain_text("was created yet")
    follows(bob, invite_link(alice))


def test_a_member_who_is_away_is_removed(three: Mapping[str, Visitor]) -> None:
    """Who has a role is in the settings, here or not; the room is none to who is removed."""
    alice, bob, _ = three.values()
    opens_private(alice, "Plans")
    follows(bob, invite_link(alice))
    room = bob.page.url
    bob.page.goto("about:blank")
    expect(entry(alice, "bob")).to_have_count(0)

    dialog = settings(alice)
    dialog.get_by_role("button", name="Actions for bob").click()
    asked = alice.page.get_by_role("dialog")
    asked.get_by_role("button", name="Remove from the room…").click()
    asked.get_by_role("button", name="Remove", exact=True).click()
    expect(asked).to_have_count(0)

    bob.page.goto(room)
    expect(bob.page.get_by_role("alert")).to_be_visible()
    expect(bob.composer).to_have_count(0)
    listed = settings(alice).get_by_role("listitem")
    expect(listed.filter(has_text="alice")).to_be_visible()
    expect(listed.filter(has_text="bob")).to_have_count(0)
    assert violations(alice.page) == []


def test_a_ban_keeps_out_until_it_is_lifted(three: Mapping[str, Visitor], room: str) -> None:
    """Another try says no in plain words; after the ban is lifted it lets in."""
    alice, bob, _ = three.values()
    alice.creates(room, "Tea time")
    follows(bob, alice.link(room))
    does(alice, "bob", "Ban…", "Ban")
    again = bob.page.get_by_role("button", name="Try again")
    again.click()
    expect(bob.page.get_by_role("alert")).to_contain_text("You are banned from this room, or you")

    dialog = settings(alice)
    dialog.get_by_role("button", name="Unban bob").click()
    expect(dialog).to_contain_text("Nobody is banned.")
    again.click()

    expect(bob.composer).to_be_visible()


def test_a_deleted_message_leaves_a_mark(three: Mapping[str, Visitor], room: str) -> None:
    """In both windows, at its place, also after a reload; one's own, and others' for an owner."""
    alice, bob, _ = three.values()
    alice.creates(room, "Tea time")
    follows(bob, alice.link(room))
    bob.says("One")
    bob.says("Two, a secret")
    bob.says("Three, a rude word")
    alice.sees("Three, a rude word")
    expect(bob.pending).to_have_count(0)

    deletes(bob, "a secret")
    deletes(alice, "a rude word")

    left = ["One", "Message deleted", "Message deleted"]
    for visitor in (alice, bob):
        expect(visitor.bubbles).to_have_text(left)
        visitor.page.reload()
        expect(visitor.bubbles).to_have_text(left)
        assert violations(visitor.page) == []


def test_a_room_is_renamed_and_deleted(three: Mapping[str, Visitor], room: str) -> None:
    """Everybody sees the new name; then that the room is no more, and nobody has it any longer."""
    alice, bob, _ = three.values()
    alice.creates(room, "Tea time")
    follows(bob, alice.link(room))
    dialog = settings(alice)
    dialog.get_by_label("Name").fill("Supper")
    dialog.get_by_role("button", name="Save the name").click()
    expect(bob.page.get_by_role("heading", name="Supper")).to_be_visible()

    dialog.get_by_role("button", name="Delete the room…").click()
    alice.page.get_by_role("button", name="Delete it for everyone").click()

    expect(alice.page.get_by_role("heading", name="Pick a room")).to_be_visible()
    expect(alice.room_link("Supper")).to_have_count(0)
    expect(bob.page.get_by_role("alert")).to_contain_text("This room was deleted")
    bob.page.get_by_role("button", name="Remove from my list").click()
    expect(bob.room_link("Supper")).to_have_count(0)
    bob.opens(room)
    expect(bob.page.get_by_role("alert")).to_contain_text(GONE)


def test_a_private_room_is_made_public_and_kept_from_having_no_owner(
    three: Mapping[str, Visitor],
) -> None:
    """Then its address is enough; and the only owner is told what to do before leaving."""
    alice, bob, _ = three.values()
    opens_private(alice, "Plans")
    dialog = settings(alice)
    dialog.get_by_role("button", name="Make the room public…").click()
    asked = alice.page.get_by_role("dialog", name="Make the room public?")
    expect(asked).to_contain_text("read all its messages")
    assert violations(alice.page) == []
    asked.get_by_role("button", name="Make it public").click()
    expect(alice.page.get_by_role("dialog")).to_have_count(0)

    follows(bob, alice.page.url)

    alice.page.get_by_role("button", name="Leave the room").click()
    asked = alice.page.get_by_role("dialog", name="Leave this room?")
    asked.get_by_role("button", name="Leave", exact=True).click()
    expect(asked).to_contain_text("You are the only owner.")
    assert violations(alice.page) == []
    asked.get_by_role("button", name="Stay").click()
    alice.says("Still here")
    bob.sees("Still here")


def test_the_menu_goes_by_keyboard(three: Mapping[str, Visitor], room: str) -> None:
    """The menu opens by Enter, closes by Escape, and gives the focus back."""
    alice, bob, _ = three.values()
    alice.creates(room, "Tea time")
    follows(bob, alice.link(room))
    button = alice.people.get_by_role("button", name="Actions for bob")
    button.focus()

    alice.page.keyboard.press("Enter")
    expect(alice.page.get_by_role("dialog", name="bob")).to_be_visible()
    alice.page.keyboard.press("Escape")

    expect(alice.page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()
    menu(alice, "bob").get_by_role("button", name="Make owner").press("Enter")
    expect(entry(alice, "bob")).to_contain_text("owner")
