"""People who sign in with a user pool, by the form on the page."""

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from local.users import make_user
from tests.browser.support.axe import violations
from tests.browser.support.signed_in import Chat, enters, signs_in
from tests.browser.support.user import People, Visitor

REFUSED = "Failed to load resource: the server responded with a status of 400"


def kept(visitor: Visitor) -> str:
    """All that the browser keeps for the page."""
    return str(visitor.page.evaluate("JSON.stringify([localStorage, sessionStorage])"))


def test_two_people_talk(guests: People, chat: Chat, room: str) -> None:
    """Each is who they signed in as, to the other as well; no token is in an address."""
    alice = enters(guests, chat, "alice")
    bob = enters(guests, chat, "bob")
    alice.creates(room, "Tea time")
    bob.opens(room)
    expect(bob.composer).to_be_visible()

    alice.says("Milk first?")
    bob.sees("Milk first?")
    bob.says("Never.")
    alice.sees("Milk first?", "Never.")

    expect(bob.messages.get_by_role("article").filter(has_text="alice")).to_have_count(1)
    expect(alice.people).to_contain_text("bob")
    assert alice.page.url == alice.link(room)


def test_a_reload_stays_signed_in(guests: People, chat: Chat, room: str) -> None:
    """So does another tab; both are the same person."""
    alice = enters(guests, chat, "alice")
    alice.creates(room, "Tea time")
    alice.says("One")
    expect(alice.pending).to_have_count(0)

    alice.page.reload()

    alice.sees("One")
    expect(alice.status).to_have_text("Connected")
    there = guests.another_tab(alice)
    there.opens(room)
    there.says("Two")
    alice.sees("One", "Two")
    expect(alice.people.get_by_role("listitem")).to_have_count(1)


def test_a_wrong_password_is_said_to_be_wrong(guests: People, chat: Chat) -> None:
    """In plain words, and the same for a name that nobody has; the next try may be right."""
    visitor = guests.visitor()
    visitor.expects(REFUSED)
    visitor.opens()
    for name in ("alice", "nobody"):
        signs_in(visitor, name, "Wrong-1234567")
        expect(visitor.page.get_by_role("alert")).to_have_text("The name or the password is wrong.")

    signs_in(visitor, "alice", chat.passwords["alice"])

    expect(visitor.status).to_have_text("Connected")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_breaks_no_rule(guests: People, scheme: str) -> None:
    """For everybody: as it is opened, and with something wrong."""
    visitor = guests.visitor(color_scheme=scheme, reduced_motion="reduce")
    visitor.expects(REFUSED)
    visitor.opens()
    expect(visitor.page.get_by_label("Name")).to_be_focused()
    assert violations(visitor.page) == []

    signs_in(visitor, "alice", "Wrong-1234567")

    expect(visitor.page.get_by_role("alert")).to_be_visible()
    assert violations(visitor.page) == []


def test_a_first_password_is_replaced(guests: People, chat: Chat) -> None:
    """Whoever was given a password chooses their own, and gets in with that from then on."""
    make_user(chat.aws_url, chat.endpoints, "carol", password="First-1234567", permanent=False)
    visitor = guests.visitor()
    visitor.opens()
    signs_in(visitor, "carol", "First-1234567")

    visitor.page.get_by_label("New password").fill("My-own-1234567")
    visitor.page.get_by_role("button", name="Continue").click()
    expect(visitor.status).to_have_text("Connected")

    again = guests.visitor()
    again.opens()
    signs_in(again, "carol", "My-own-1234567")
    expect(again.status).to_have_text("Connected")


def test_signing_out_forgets_everything(guests: People, chat: Chat, room: str) -> None:
    """The browser keeps no token, and neither of those that it had counts any more."""
    alice = enters(guests, chat, "alice")
    alice.creates(room, "Tea time")
    token, refresh = alice.page.evaluate(
        '(({ token, refresh }) => [token, refresh])(JSON.parse(localStorage["chat.tokens"]))'
    )

    alice.page.get_by_role("button", name="Sign out").click()
    dialog = alice.page.get_by_role("dialog", name="Sign out?")
    expect(dialog).to_contain_text("unsent messages")
    with alice.page.expect_response(lambda response: response.url.startswith(chat.aws_url)):
        dialog.get_by_role("button", name="Sign out").click()

    expect(alice.page.get_by_label("Password")).to_be_visible()
    assert refresh not in kept(alice)
    assert "tokens" not in kept(alice)
    with pytest.raises(Exception, match="NotAuthorizedException"):
        chat.renew(refresh)
    with pytest.raises(InvalidStatus):
        connect(
            chat.endpoints.web_socket_url, additional_headers={"Authorization": f"Bearer {token}"}
        )


def test_a_sign_in_that_has_ended_is_asked_for_again(guests: People, chat: Chat, room: str) -> None:
    """What was about to be said is sent after it, to the same room."""
    alice = enters(guests, chat, "alice")
    alice.expects(REFUSED)
    alice.creates(room, "Tea time")
    alice.composer.fill("half a thou")
    chat.end_sign_in(alice.page.evaluate('JSON.parse(localStorage["chat.tokens"]).refresh'))
    alice.page.evaluate(
        """localStorage["chat.tokens"] = JSON.stringify(
          { ...JSON.parse(localStorage["chat.tokens"]), expiresAt: 0 })"""
    )

    alice.page.reload()

    expect(alice.page.get_by_text("Your session has expired")).to_be_visible()
    expect(alice.page.get_by_label("Name")).to_have_value("alice")
    signs_in(alice, "alice", chat.passwords["alice"])
    expect(alice.composer).to_have_value("half a thou")
