"""People who sign in on their issuer's own pages: authorization code with PKCE, by redirect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from chat.auth.gateway_policy import Authorizer
from chat.auth.jwks import KeySet
from chat.auth.jwt_verifier import JwtVerifier
from chat.domain.clock import SystemClock
from chat.domain.identity import Expected
from chat_stack.identity.page_config import by_redirect
from chat_stack.settings.identity import Oidc, Page
from local.page import PageServer
from tests.browser.support.user import People, Visitor, people_at
from tests.support.issuer.gateway import Gateway
from tests.support.issuer.issuer import CLIENT
from tests.support.issuer.provider import API, Provider

KEPT = "JSON.stringify([localStorage, sessionStorage])"
REFUSED = "Failed to load resource: the server responded with a status of 40"
HANDSHAKE = "WebSocket connection to"


@dataclass(frozen=True, slots=True)
class Place:
    """An issuer, a chat that trusts it, and the page between them."""

    provider: Provider
    gateway: Gateway
    people: People


@pytest.fixture
def place(browser: Browser, built_page: Path) -> Iterator[Place]:
    """All of it, anew for each test."""
    with Provider().serving() as provider, PageServer(0, built_page) as page:
        provider.redirect_uri = page.url
        keys = KeySet(f"{provider.url}/keys", algorithms=("RS256",), clock=SystemClock())
        door = Authorizer(JwtVerifier(Expected(provider.url, (API,)), keys))
        choice = Oidc(issuer=provider.url, audience=(API,), keys_url=f"{provider.url}/keys")
        sign_in = by_redirect(choice, Page(client_id=CLIENT))
        with (
            Gateway(door).serving() as gateway,
            page.serving(gateway.url, sign_in),
            people_at(browser, page.url) as people,
        ):
            yield Place(provider, gateway, people)


def goes(visitor: Visitor, choice: str = "Continue as Alice") -> None:
    """To the issuer's page, and back."""
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.get_by_role("link", name=choice).click()


def enters(place: Place) -> Visitor:
    """Alice, signed in."""
    alice = place.people.visitor()
    alice.opens()
    goes(alice)
    expect(alice.status).to_have_text("Connected")
    return alice


def test_comes_back_as_who_the_issuer_says(place: Place) -> None:
    """With a code that was redeemed with its verifier, to the room that the link was for."""
    visitor = place.people.visitor()
    visitor.opens("tea")
    expect(visitor.page.get_by_text("You're invited to tea")).to_be_visible()

    goes(visitor)

    expect(visitor.status).to_have_text("Connected")
    expect(visitor.page.locator(".profile")).to_contain_text("Alice")
    visitor.page.get_by_role("button", name="Create it now").click()
    visitor.says("Through the door")
    visitor.sees("Through the door")
    assert visitor.page.url == visitor.link("tea")
    assert place.provider.grants == ["authorization_code"]
    assert len(place.gateway.tokens) == 1


def test_a_reload_stays_signed_in_and_renews_silently(place: Place) -> None:
    """A token that has run out is replaced without a word; a refresh token is used once."""
    alice = enters(place)
    alice.page.reload()
    expect(alice.status).to_have_text("Connected")
    assert place.provider.grants == ["authorization_code"]

    alice.page.evaluate(
        """localStorage["chat.tokens"] = JSON.stringify(
          { ...JSON.parse(localStorage["chat.tokens"]), expiresAt: 0 })"""
    )
    alice.page.reload()

    expect(alice.status).to_have_text("Connected")
    assert place.provider.grants == ["authorization_code", "refresh_token"]
    first, second, third = place.gateway.tokens
    assert first == second != third


def test_a_code_without_its_verifier_is_worth_nothing(place: Place) -> None:
    """Whoever only has the address that one comes back with does not get in."""
    visitor = place.people.visitor()
    visitor.expects(REFUSED)
    visitor.opens()
    visitor.page.get_by_role("button", name="Sign in").click()
    back = visitor.page.get_by_role("link", name="Continue as Alice").get_attribute("href")
    visitor.opens()
    visitor.page.evaluate(
        """sessionStorage["chat.trip"] = JSON.stringify(
          { ...JSON.parse(sessionStorage["chat.trip"]), verifier: "x".repeat(43) })"""
    )

    visitor.page.goto(str(back))

    expect(visitor.page.get_by_role("alert")).to_contain_text("started elsewhere")
    assert place.provider.grants == []


def test_an_address_that_nobody_asked_for_is_refused(place: Place) -> None:
    """A code that somebody else has planted is not redeemed, and not kept in the address."""
    visitor = place.people.visitor()

    visitor.page.goto(f"{visitor.url}?code=planted&state=planted#/room/tea")

    expect(visitor.page.get_by_role("alert")).to_contain_text("started elsewhere")
    expect(visitor.page).not_to_have_url(re.compile("planted"))
    assert place.provider.grants == []


def test_who_cancels_is_told_so_and_may_try_again(place: Place) -> None:
    """In plain words, with the same button below."""
    visitor = place.people.visitor()
    visitor.opens()

    goes(visitor, "Cancel")

    expect(visitor.page.get_by_role("alert")).to_contain_text("Access denied")
    goes(visitor)
    expect(visitor.status).to_have_text("Connected")


def test_who_is_let_in_no_more_is_told_so(place: Place) -> None:
    """After one fresh token and most of a minute of tries; who is let in again is in by itself."""
    alice = enters(place)
    alice.expects(REFUSED, HANDSHAKE)
    alice.page.clock.install()
    place.gateway.is_closed = True

    alice.page.reload()

    expect(alice.status).to_have_text("Access denied")
    expect(alice.page.get_by_text("Can't connect")).to_be_visible()
    alice.page.clock.fast_forward(46_000)
    expect(alice.page.get_by_role("button", name="Sign in again")).to_be_visible()
    assert place.provider.grants == ["authorization_code", "refresh_token"]
    assert len(set(place.gateway.tokens)) == 2

    place.gateway.is_closed = False
    alice.page.clock.fast_forward(60_000)
    expect(alice.status).to_have_text("Connected")
    assert place.provider.grants == ["authorization_code", "refresh_token"]


def test_signing_out_ends_it_at_the_issuer_too(place: Place) -> None:
    """The refresh token is revoked, the browser keeps nothing, the way back shows the button."""
    alice = enters(place)
    assert place.provider.refresh_tokens

    alice.page.get_by_role("button", name="Sign out").click()
    dialog = alice.page.get_by_role("dialog", name="Sign out?")
    with alice.page.expect_navigation(url=alice.url):  # there and back
        dialog.get_by_role("button", name="Sign out").click()

    expect(alice.page.get_by_text("Sign in to start chatting.")).to_be_visible()
    assert place.provider.refresh_tokens == set()
    assert "chat.tokens" not in alice.page.evaluate(KEPT)
    assert alice.page.url == alice.url
