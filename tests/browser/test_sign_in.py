"""Sign-in with a user pool and the form on the page."""

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from local.users import make_user
from tests.browser.support.axe import violations
from tests.browser.support.signed_in import Chat, enters, signs_in
from tests.browser.support.user import People, Visitor

REJECTED = "Failed to load resource: the server responded with a status of 400"


def stored(visitor: Visitor) -> str:
    """Return everything that the browser stores for the page."""
    return str(visitor.page.evaluate("JSON.stringify([localStorage, sessionStorage])"))


def test_two_users_talk(guests: People, chat: Chat, room: str) -> None:
    """Messages have the name of the account, and no token is in an address."""
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


def test_reload_stays_signed_in(guests: People, chat: Chat, room: str) -> None:
    """After a reload and in another tab, the user is still signed in as the same user."""
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


def test_wrong_password_shows_an_error(guests: People, chat: Chat) -> None:
    """The error is the same for an unknown name. The next attempt may succeed."""
    visitor = guests.visitor()
    visitor.expects(REJECTED)
    visitor.opens()
    for name in ("alice", "nobody"):
        signs_in(visitor, name, "Wrong-1234567")
        expect(visitor.page.get_by_role("alert")).to_have_text("The name or the password is wrong.")

    signs_in(visitor, "alice", chat.passwords["alice"])

    expect(visitor.status).to_have_text("Connected")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_form_breaks_no_rule(guests: People, scheme: str) -> None:
    """The form is accessible, with and without an error."""
    visitor = guests.visitor(color_scheme=scheme, reduced_motion="reduce")
    visitor.expects(REJECTED)
    visitor.opens()
    expect(visitor.page.get_by_label("Name")).to_be_focused()
    assert violations(visitor.page) == []

    signs_in(visitor, "alice", "Wrong-1234567")

    expect(visitor.page.get_by_role("alert")).to_be_visible()
    assert violations(visitor.page) == []


def test_temporary_password_is_replaced(guests: People, chat: Chat) -> None:
    """A user with a temporary password chooses a new one, and signs in with it later."""
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


def test_sign_out_forgets_everything(guests: People, chat: Chat, room: str) -> None:
    """The browser keeps no token, and the tokens that it had are revoked."""
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
    assert refresh not in stored(alice)
    assert "tokens" not in stored(alice)
    with pytest.raises(Exception, match="NotAuthorizedException"):
        chat.renew(refresh)
    with pytest.raises(InvalidStatus):
        connect(
            chat.endpoints.web_socket_url, additional_headers={"Authorization": f"Bearer {token}"}
        )


def test_expired_session_asks_to_sign_in(guests: People, chat: Chat, room: str) -> None:
    """After signing in again, the user finds the draft in the same room."""
    alice = enters(guests, chat, "alice")
    alice.expects(REJECTED)
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
