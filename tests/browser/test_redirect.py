"""Sign-in on the pages of an issuer: authorization code flow with PKCE."""

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
from chat.domain.identity import TokenPolicy
from chat_stack.identity.page_config import by_redirect
from chat_stack.settings.identity import Oidc, Page
from local.page import PageServer
from tests.browser.support.user import People, Visitor, people_at
from tests.support.issuer.gateway import Gateway
from tests.support.issuer.issuer import CLIENT
from tests.support.issuer.provider import API, Provider

KEPT = "JSON.stringify([localStorage, sessionStorage])"
REJECTED = "Failed to load resource: the server responded with a status of 40"
HANDSHAKE = "WebSocket connection to"


@dataclass(frozen=True, slots=True)
class Setup:
    """An issuer, a chat that trusts the issuer, and visitors of the page."""

    provider: Provider
    gateway: Gateway
    people: People


@pytest.fixture
def setup(browser: Browser, built_page: Path) -> Iterator[Setup]:
    """Start an issuer, a gateway and the page for each test."""
    with Provider().serving() as provider, PageServer(0, built_page) as page:
        provider.redirect_uri = page.url
        keys = KeySet(f"{provider.url}/keys", algorithms=("RS256",), clock=SystemClock())
        authorizer = Authorizer(JwtVerifier(TokenPolicy(provider.url, (API,)), keys))
        choice = Oidc(issuer=provider.url, audience=(API,), keys_url=f"{provider.url}/keys")
        sign_in = by_redirect(choice, Page(client_id=CLIENT))
        with (
            Gateway(authorizer).serving() as gateway,
            page.serving(gateway.url, sign_in),
            people_at(browser, page.url) as people,
        ):
            yield Setup(provider, gateway, people)


def signs_in(visitor: Visitor, choice: str = "Continue as Alice") -> None:
    """Go to the issuer's page, press a link there, and come back."""
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.get_by_role("link", name=choice).click()


def enters(setup: Setup) -> Visitor:
    """Sign Alice in, in a window of her own."""
    alice = setup.people.visitor()
    alice.opens()
    signs_in(alice)
    expect(alice.status).to_have_text("Connected")
    return alice


def test_returns_as_the_user_of_the_issuer(setup: Setup) -> None:
    """The page exchanges the code with its verifier, and shows the room of the link."""
    visitor = setup.people.visitor()
    visitor.opens("tea")
    expect(visitor.page.get_by_text("You're invited to tea")).to_be_visible()

    signs_in(visitor)

    expect(visitor.status).to_have_text("Connected")
    expect(visitor.page.locator(".profile")).to_contain_text("Alice")
    visitor.page.get_by_role("button", name="Create it now").click()
    visitor.says("Signed in")
    visitor.sees("Signed in")
    assert visitor.page.url == visitor.link("tea")
    assert setup.provider.grants == ["authorization_code"]
    assert len(setup.gateway.tokens) == 1


def test_reload_refreshes_an_expired_token(setup: Setup) -> None:
    """An expired token is replaced without a question. A refresh token is used once."""
    alice = enters(setup)
    alice.page.reload()
    expect(alice.status).to_have_text("Connected")
    assert setup.provider.grants == ["authorization_code"]

    alice.page.evaluate(
        """localStorage["chat.tokens"] = JSON.stringify(
          { ...JSON.parse(localStorage["chat.tokens"]), expiresAt: 0 })"""
    )
    alice.page.reload()

    expect(alice.status).to_have_text("Connected")
    assert setup.provider.grants == ["authorization_code", "refresh_token"]
    first, second, third = setup.gateway.tokens
    assert first == second != third


def test_code_without_its_verifier_is_rejected(setup: Setup) -> None:
    """An attacker with only the address of the code cannot sign in."""
    visitor = setup.people.visitor()
    visitor.expects(REJECTED)
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
    assert setup.provider.grants == []


def test_planted_code_is_rejected(setup: Setup) -> None:
    """A code from another sign-in is not exchanged, and not kept in the address."""
    visitor = setup.people.visitor()

    visitor.page.goto(f"{visitor.url}?code=planted&state=planted#/room/tea")

    expect(visitor.page.get_by_role("alert")).to_contain_text("started elsewhere")
    expect(visitor.page).not_to_have_url(re.compile("planted"))
    assert setup.provider.grants == []


def test_cancelled_sign_in_can_be_repeated(setup: Setup) -> None:
    """The page shows the reason and the same button."""
    visitor = setup.people.visitor()
    visitor.opens()

    signs_in(visitor, "Cancel")

    expect(visitor.page.get_by_role("alert")).to_contain_text("Access denied")
    signs_in(visitor)
    expect(visitor.status).to_have_text("Connected")


def test_user_without_access_reads_so(setup: Setup) -> None:
    """The page gets one fresh token and retries for 45 seconds. Later, it reconnects by itself."""
    alice = enters(setup)
    alice.expects(REJECTED, HANDSHAKE)
    alice.page.clock.install()
    setup.gateway.is_closed = True

    alice.page.reload()

    expect(alice.status).to_have_text("Access denied")
    expect(alice.page.get_by_text("Can't connect")).to_be_visible()
    alice.page.clock.fast_forward(46_000)
    expect(alice.page.get_by_role("button", name="Sign in again")).to_be_visible()
    assert setup.provider.grants == ["authorization_code", "refresh_token"]
    assert len(set(setup.gateway.tokens)) == 2

    setup.gateway.is_closed = False
    alice.page.clock.fast_forward(60_000)
    expect(alice.status).to_have_text("Connected")
    assert setup.provider.grants == ["authorization_code", "refresh_token"]


def test_sign_out_ends_the_session_at_the_issuer(setup: Setup) -> None:
    """The refresh token is revoked, the browser keeps no token, and the page shows the button."""
    alice = enters(setup)
    assert setup.provider.refresh_tokens

    alice.page.get_by_role("button", name="Sign out").click()
    dialog = alice.page.get_by_role("dialog", name="Sign out?")
    with alice.page.expect_navigation(url=alice.url):  # there and back
        dialog.get_by_role("button", name="Sign out").click()

    expect(alice.page.get_by_text("Sign in to start chatting.")).to_be_visible()
    assert setup.provider.refresh_tokens == set()
    assert "chat.tokens" not in alice.page.evaluate(KEPT)
    assert alice.page.url == alice.url
