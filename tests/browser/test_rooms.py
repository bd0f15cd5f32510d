"""Private rooms, roles and moderation, with users who have signed in."""

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
    """Open a window for each of three users."""
    return {name: enters(guests, chat, name) for name in chat.passwords}


def test_private_room_needs_an_invite(three: Mapping[str, Visitor]) -> None:
    """Without an invite, a private room does not exist. An invite for one user works once."""
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
    expect(dave.page.get_by_role("alert")).to_contain_text("used up, expired or revoked")
    bob.page.reload()
    bob.sees("Only us")


def test_revoked_invite_opens_nothing(three: Mapping[str, Visitor]) -> None:
    """An owner revokes an invite with the keyboard. The link then leads to no room."""
    alice, bob, _ = three.values()
    opens_private(alice, "Plans")
    link = invite_link(alice)
    alice.page.get_by_role("button", name="Room settings").press("Enter")
    dialog = alice.page.get_by_role("dialog", name="Room settings")

    dialog.get_by_role("button", name="Revoke the invite of alice").press("Enter")
    question = alice.page.get_by_role("dialog", name="Revoke the invite?")
    question.get_by_role("button", name="Revoke", exact=True).press("Enter")

    expect(dialog).to_contain_text("There are none.")
    bob.page.goto(link)
    expect(bob.page.get_by_role("alert")).to_contain_text("used up, expired or revoked")


def test_known_user_is_invited(three: Mapping[str, Visitor], room: str) -> None:
    """The invited user reads the inviting user and the room, and joins with a button."""
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


def test_moderator_mutes_a_user(three: Mapping[str, Visitor], room: str) -> None:
    """A new role and a mute appear in every window. A muted user can still read messages."""
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
def test_removed_user_reads_the_reason(
    three: Mapping[str, Visitor], room: str, ways: tuple[str, str], title: str, line: str
) -> None:
    """The reason is shown at once, after a reload, and in the list of rooms."""
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


def test_user_removed_from_a_private_room_needs_an_invite(
    three: Mapping[str, Visitor],
) -> None:
    """The page offers no button to rejoin, because only a new invite works."""
    alice, bob, _ = three.values()
    opens_private(alice, "Plans")
    follows(bob, invite_link(alice))
    plans = bob.page.url

    does(alice, "bob", "Remove from the room…", "Remove")

    alert = bob.page.get_by_role("alert")
    expect(alert).to_contain_text("To rejoin, you need a new invite.")
    expect(bob.page.get_by_role("button", name="Rejoin")).to_have_count(0)
    assert violations(bob.page) == []
    bob.page.get_by_role("button", name="Remove from my list").click()
    bob.page.goto(plans)
    expect(alert).to_contain_text("you are not a member")
    expect(alert).not_to_contain_text("was created yet")
    follows(bob, invite_link(alice))


def test_absent_member_is_removed(three: Mapping[str, Visitor]) -> None:
    """The settings list absent members, too. For a removed member, the room does not exist."""
    alice, bob, _ = three.values()
    opens_private(alice, "Plans")
    follows(bob, invite_link(alice))
    room = bob.page.url
    bob.page.goto("about:blank")
    expect(entry(alice, "bob")).to_have_count(0)

    dialog = settings(alice)
    dialog.get_by_role("button", name="Actions for bob").click()
    question = alice.page.get_by_role("dialog")
    question.get_by_role("button", name="Remove from the room…").click()
    question.get_by_role("button", name="Remove", exact=True).click()
    expect(question).to_have_count(0)

    bob.page.goto(room)
    expect(bob.page.get_by_role("alert")).to_be_visible()
    expect(bob.composer).to_have_count(0)
    listed = settings(alice).get_by_role("listitem")
    expect(listed.filter(has_text="alice")).to_be_visible()
    expect(listed.filter(has_text="bob")).to_have_count(0)
    assert violations(alice.page) == []


def test_banned_user_can_join_after_the_ban(three: Mapping[str, Visitor], room: str) -> None:
    """A banned user who tries to join reads the reason, and can join after the ban is lifted."""
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


def test_deleted_message_leaves_a_note(three: Mapping[str, Visitor], room: str) -> None:
    """The note replaces the message in both windows. Owners can delete messages of others."""
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


def test_room_is_renamed_and_deleted(three: Mapping[str, Visitor], room: str) -> None:
    """All members read the new name, and later that the room was deleted."""
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


def test_private_room_becomes_public_and_keeps_its_owner(
    three: Mapping[str, Visitor],
) -> None:
    """A public room needs no invite. The only owner cannot leave, and reads what to do."""
    alice, bob, _ = three.values()
    opens_private(alice, "Plans")
    dialog = settings(alice)
    dialog.get_by_role("button", name="Make the room public…").click()
    question = alice.page.get_by_role("dialog", name="Make the room public?")
    expect(question).to_contain_text("read all its messages")
    assert violations(alice.page) == []
    question.get_by_role("button", name="Make it public").click()
    expect(alice.page.get_by_role("dialog")).to_have_count(0)

    follows(bob, alice.page.url)

    alice.page.get_by_role("button", name="Leave the room").click()
    question = alice.page.get_by_role("dialog", name="Leave this room?")
    question.get_by_role("button", name="Leave", exact=True).click()
    expect(question).to_contain_text("You are the only owner.")
    assert violations(alice.page) == []
    question.get_by_role("button", name="Stay").click()
    alice.says("Still here")
    bob.sees("Still here")


def test_menu_works_with_the_keyboard(three: Mapping[str, Visitor], room: str) -> None:
    """The menu opens with Enter, closes with Escape, and restores the focus."""
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
    menu(alice, "bob").get_by_role("button", name="Make owner…").press("Enter")
    question = alice.page.get_by_role("dialog", name="Make owner?")
    question.get_by_role("button", name="Make owner").press("Enter")
    expect(entry(alice, "bob")).to_contain_text("owner")
