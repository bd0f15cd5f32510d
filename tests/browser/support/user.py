"""A user in a browser: acts on the page, and records errors that must not happen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Locator,
    Page,
    Request,
    WebSocket,
    expect,
)

from tests.browser.support.chromium import TIMEOUT_MS

HOSTS = frozenset({"127.0.0.1"})
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
  console.error("CSP", violatedDirective, blockedURI, sample);
});
"""


class Visitor:
    """A tab with the page. Errors that must never happen are in `mishaps`."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.mishaps: list[str] = []
        self._expected: tuple[str, ...] = ()
        page.on("console", self._on_console)
        page.on("dialog", self._on_dialog)
        page.on("pageerror", self._on_error)
        page.on("request", self._on_request)
        page.on("websocket", self._on_websocket)

    def expects(self, *beginnings: str) -> None:
        """Ignore errors with these beginnings, for example before the network is cut."""
        self._expected = beginnings

    def opens(self, room_id: str | None = None) -> None:
        """Open the page, or the link to a room."""
        self.page.goto(self.url if room_id is None else self.link(room_id))

    def link(self, room_id: str) -> str:
        """Return the link to a room."""
        return f"{self.url}#/room/{room_id}"

    def signs_in(self, name: str) -> None:
        """Sign in as a guest."""
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("Your name").press("Enter")
        expect(self.status).to_have_text("Connected")

    def creates(self, room_id: str, name: str) -> None:
        """Create a room."""
        self.page.get_by_role("button", name="New room").first.click()
        dialog = self.page.get_by_role("dialog", name="New room")
        dialog.get_by_label("Name").fill(name)
        dialog.get_by_label("Room link").fill(room_id)
        dialog.get_by_role("button", name="Create room").click()
        expect(self.composer).to_be_visible()

    def says(self, text: str) -> None:
        """Type a message, and send it."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def sees(self, *texts: str) -> None:
        """Expect messages, each exactly once."""
        for text in texts:
            expect(self.bubbles.get_by_text(text, exact=True)).to_have_count(1)

    def texts(self) -> list[str]:
        """Return the texts of the messages in view, from top to bottom."""
        return self.bubbles.all_inner_texts()

    @property
    def messages(self) -> Locator:
        """The list of messages."""
        return self.page.get_by_role("region", name="Messages in")

    @property
    def bubbles(self) -> Locator:
        """The texts of the messages in view."""
        return self.messages.locator(".bubble")

    @property
    def composer(self) -> Locator:
        """The field for messages."""
        return self.page.get_by_role("textbox", name="Message to")

    @property
    def status(self) -> Locator:
        """The state of the connection."""
        return self.page.locator(".status")

    @property
    def pending(self) -> Locator:
        """The messages that are not sent yet."""
        return self.messages.get_by_text("Sending…")

    @property
    def people(self) -> Locator:
        """The column of people, in a wide window."""
        return self.page.get_by_role("complementary", name="People in this room")

    @property
    def rooms(self) -> Locator:
        """The list of rooms."""
        return self.page.get_by_role("navigation", name="Rooms")

    @property
    def current_room(self) -> Locator:
        """The room in view, in the list of rooms."""
        return self.rooms.locator("[aria-current=page]")

    def room_link(self, name: str) -> Locator:
        """Return the link of a room in the list of rooms."""
        return self.rooms.get_by_role("link", name=name)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._note(message.text)

    def _on_dialog(self, dialog: Dialog) -> None:
        self._note(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _on_error(self, error: Error) -> None:
        self._note(f"uncaught: {error}")

    def _on_request(self, request: Request) -> None:
        self._on_address(request.url)

    def _on_websocket(self, socket: WebSocket) -> None:
        self._on_address(socket.url)

    def _on_address(self, url: str) -> None:
        where = urlsplit(url)
        if where.scheme in ("http", "https", "ws", "wss") and where.hostname not in HOSTS:
            self._note(f"request to {url}")

    def _note(self, mishap: str) -> None:
        if not self._expected or not mishap.startswith(self._expected):
            self.mishaps.append(mishap)


class People:
    """Opens windows of visitors, each with its own browser context."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._contexts: list[BrowserContext] = []
        self._visitors: list[Visitor] = []

    def visitor(self, **options: Any) -> Visitor:
        """Open a window with its own browser context, which takes *options*."""
        context = self._browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}} | options
        )
        context.set_default_timeout(TIMEOUT_MS)
        context.add_init_script(REPORT_VIOLATIONS)
        self._contexts.append(context)
        return self._in(context)

    def another_tab(self, visitor: Visitor) -> Visitor:
        """Open a second tab of a visitor."""
        return self._in(visitor.page.context)

    def member(self, name: str, room_id: str, **options: Any) -> Visitor:
        """Open a window, follow the link to an existing room, and sign a guest in."""
        visitor = self.visitor(**options)
        visitor.opens(room_id)
        visitor.signs_in(name)
        expect(visitor.composer).to_be_visible()
        return visitor

    def host(self, name: str, room_id: str, *, room_name: str = "Tea time") -> Visitor:
        """Open a window, sign a guest in, and create a room."""
        visitor = self.visitor()
        visitor.opens()
        visitor.signs_in(name)
        visitor.creates(room_id, room_name)
        return visitor

    def go(self) -> None:
        """Close every window. Fail if there was a mishap in one of them."""
        for context in self._contexts:
            context.close()
        mishaps = [mishap for visitor in self._visitors for mishap in visitor.mishaps]
        assert not mishaps, mishaps

    def _in(self, context: BrowserContext) -> Visitor:
        visitor = Visitor(context.new_page(), self._url)
        self._visitors.append(visitor)
        return visitor


@contextmanager
def people_at(browser: Browser, url: str) -> Iterator[People]:
    """Yield visitors of the page at *url*, and close their windows at the end."""
    people = People(browser, url)
    try:
        yield people
    except BaseException as failure:
        _ignoring(people.go, failure)
        raise
    else:
        people.go()


def _ignoring(close: Callable[[], None], failure: BaseException) -> None:
    """Close the windows, and add mishaps as a note to the first failure."""
    try:
        close()
    except AssertionError as mishaps:
        failure.add_note(f"and there were mishaps: {mishaps}")
