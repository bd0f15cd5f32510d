"""Texts are shown as text, and the page sends requests only to its chat."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.support.hostile_texts import NAMES, SCRIPTS, TEXTS
from tests.browser.support.user import People
from tests.support.clients.websocket import connected
from tests.support.emulator import Stack

# Scripts that the page must never run, with the directive that forbids each.
FORBIDDEN = [
    ("script-src-elem", "import('https://example.com/x.js').catch(() => 0)"),
    ("style-src-attr", "document.body.setAttribute('style', 'color: red')"),
    ("style-src-elem", "add('style', {textContent: 'p { color: red }'})"),
    ("connect-src", "fetch('https://example.com/').catch(() => 0)"),
    ("connect-src", "new WebSocket('wss://example.com/')"),
    ("img-src", "add('img', {src: 'https://example.com/x.png'})"),
    ("frame-src", "add('iframe', {src: 'https://example.com/'})"),
    ("require-trusted-types-for", "document.body.innerHTML = '<p>x</p>'"),
    ("require-trusted-types-for", "document.body.setAttribute('onclick', '1')"),
    ("require-trusted-types-for", "add('script', {src: 'https://example.com/x.js'})"),
    ("require-trusted-types-for", "setTimeout('1')"),
]


def test_messages_render_as_text(people: People, room: str) -> None:
    """Each hostile text is shown unchanged to its sender and to the receiver."""
    alice = people.host("Alice", room)
    bob = people.member("Bob", room)

    for text in (*SCRIPTS, *TEXTS):
        alice.says(text)
        for visitor in (alice, bob):
            expect(visitor.bubbles.last).to_have_text(text, use_inner_text=True)

    for visitor in (alice, bob):
        assert visitor.bubbles.locator("> :not(a[href^='https://evil.example/'])").count() == 0
        assert visitor.page.locator("body :is(script, img, iframe, style, base, meta)").count() == 0


def test_names_render_as_text(people: People, stack: Stack, new_room: Callable[[], str]) -> None:
    """Users and rooms with hostile names are shown with unchanged names in every view."""
    bob = people.host("Bob", new_room())

    for name in NAMES:
        with connected(stack.web_socket_url, name=name) as author:
            room = author.ask("createRoom", roomId=new_room(), name=name)["room"]["roomId"]
            author.say(room, "Hello")
            bob.opens(room)

            bob.sees("Hello")
            expect(bob.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
            expect(bob.people.get_by_text(name, exact=True)).to_be_visible()
            expect(
                bob.messages.get_by_role("article").get_by_text(name, exact=True)
            ).to_be_visible()
            expect(bob.current_room).to_contain_text(f"{name}: Hello")
            expect(bob.page).to_have_title(f"{name} · Live Chat")


def test_own_name_renders_as_text(people: People, room: str) -> None:
    """The own name in the profile and the name of an own room are shown unchanged."""
    alice = people.host(NAMES[0], room, room_name=NAMES[1])

    expect(alice.page.get_by_role("contentinfo").get_by_text(NAMES[0], exact=True)).to_be_visible()
    expect(alice.page.get_by_role("heading", name=NAMES[1], exact=True)).to_be_visible()
    alice.page.get_by_role("button", name="Leave the room").click()
    expect(alice.page.get_by_role("dialog").get_by_text(NAMES[1], exact=True)).to_be_visible()


def test_only_web_addresses_are_links(people: People, room: str) -> None:
    """HTTP and HTTPS addresses become links without a referrer. Other schemes stay text."""
    alice = people.host("Alice", room)

    alice.says("See https://example.com/a?b=c#d. Or javascript:alert(1), data:text/html,x")

    link = alice.bubbles.get_by_role("link")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://example.com/a?b=c#d")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.parametrize(("directive", "script"), FORBIDDEN)
def test_policy_forbids_what_the_page_never_does(
    people: People, directive: str, script: str
) -> None:
    """The browser rejects inline code, other hosts, and HTML from strings."""
    alice = people.visitor()
    alice.opens()
    alice.expects("")

    violated = alice.page.evaluate(
        f"""() => new Promise((resolve) => {{
          const add = (tag, fields) =>
            document.body.append(Object.assign(document.createElement(tag), fields));
          addEventListener("securitypolicyviolation", (event) => {{
            resolve(event.effectiveDirective);
          }});
          try {{ {script} }} catch {{ /* it is to fail */ }}
        }})"""
    )

    assert violated == directive


def test_secret_is_in_no_address_of_the_page(people: People, room: str) -> None:
    """Links and the requests of the page do not contain the guest's key."""
    addresses: list[str] = []
    alice = people.visitor()
    alice.page.on("request", lambda request: addresses.append(request.url))
    alice.opens()
    alice.signs_in("Alice")
    alice.creates(room, "Tea time")
    alice.page.reload()
    expect(alice.composer).to_be_visible()

    key = alice.page.evaluate("JSON.parse(localStorage.getItem('chat.guest')).key")

    assert len(key) >= 32
    assert not [address for address in addresses if key in address]
    assert key not in alice.page.url
