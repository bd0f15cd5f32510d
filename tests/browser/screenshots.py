"""`make screenshots`: writes pictures of the main views into docs/screenshots."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, get_args

from playwright.sync_api import Browser, Page, expect

from local.deploy import Endpoints, deploy
from local.emulator_process import emulator, free_port
from local.page import PageServer, build
from tests.browser.support.chromium import chromium, find
from tests.support.clients.websocket import WebSocketClient, connected
from tools.common import ROOT, UserError

sys.path.insert(0, str(ROOT / "lambda"))  # the demo rooms use the chat's own types

from chat.protocol import Member
from tests.browser.support import seed_data
from tests.browser.support.demo_rooms import DEMO_ROOMS, HIKE, ME, NOW, USERS, DemoRoom, key_of

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
FOLDER = ROOT / "docs" / "screenshots"
WIDE: Mapping[str, Any] = {
    "viewport": {"width": 1280, "height": 840},
    "device_scale_factor": 1.5,
}
PHONE: Mapping[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
REMEMBER = """
(kept) => {
  for (const [name, value] of Object.entries(kept)) {
    localStorage.setItem(`chat.${name}`, JSON.stringify(value));
  }
}
"""


def main() -> int:
    """Write every picture, and return the exit status."""
    path = find()
    if path is None:
        print("There is no Chromium here to take pictures with.", file=sys.stderr)  # noqa: T201 - a message for the operator
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with peopled_page() as url, chromium(path) as browser:
            for scheme in SCHEMES:
                take(browser, url, scheme)
    except UserError as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - a message for the operator
        return 1
    return 0


def take(browser: Browser, url: str, scheme: Scheme) -> None:
    """Write the pictures of a colour scheme."""
    with window(browser, scheme, WIDE) as page:
        page.goto(url)
        shoot(page, f"welcome-{scheme}")
        come_back(page, url)
        shoot(page, f"conversation-{scheme}")
    with window(browser, scheme, PHONE) as page:
        page.goto(url)
        come_back(page, url)
        shoot(page, f"phone-conversation-{scheme}")
        page.get_by_role("link", name="Back to the rooms").tap()
        shoot(page, f"phone-rooms-{scheme}")


def shoot(page: Page, name: str) -> None:
    """Write a picture of the window, without animations and without a text cursor."""
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", caret="hide")


def come_back(page: Page, url: str) -> None:
    """Open the page as the user `ME`, with the unread messages of the demo rooms."""
    kept: dict[str, Any] = {"guest": {"name": ME, "key": key_of(ME)}}
    kept["rooms"] = [
        {"roomId": demo_room.room_id, "name": demo_room.name} for demo_room in DEMO_ROOMS
    ]
    kept |= {
        f"read.{demo_room.room_id}": len(demo_room.messages_before) - demo_room.unread
        for demo_room in DEMO_ROOMS
    }
    page.evaluate(REMEMBER, kept)
    page.goto(f"{url}#/room/{HIKE.room_id}")
    page.reload()
    messages = page.get_by_role("region", name="Messages in")
    expect(messages.get_by_text(HIKE.messages_before[-1].text)).to_be_visible()
    expect(page.get_by_text(f"{len(HIKE.people)} people here")).to_be_visible()
    expect(page.get_by_text("2 unread")).to_have_count(1)
    expect(page.get_by_role("navigation", include_hidden=True).locator("time")).to_have_count(
        len(DEMO_ROOMS)
    )


@contextmanager
def window(browser: Browser, scheme: Scheme, looks: Mapping[str, Any]) -> Iterator[Page]:
    """Open a window at the time of the demo rooms."""
    context = browser.new_context(
        **looks, color_scheme=scheme, locale="en-GB", timezone_id="UTC", reduced_motion="reduce"
    )
    try:
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        yield page
    finally:
        context.close()


@contextmanager
def peopled_page() -> Iterator[str]:
    """Yield the address of a page with the demo rooms, whose users are connected."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        built = build(folder=folder, say=print)
        aws = stack.enter_context(emulator(folder=folder, port=free_port(), persist=False))
        endpoints = deploy(aws, folder=folder, say=print)
        clients = {
            name: stack.enter_context(
                connected(endpoints.web_socket_url, name=name, key=key_of(name))
            )
            for name in USERS
        }
        stage(clients, aws.url, endpoints)
        server = stack.enter_context(PageServer(aws.page_port, built))
        stack.enter_context(server.serving(endpoints.web_socket_url))
        yield server.url


def stage(clients: Mapping[str, WebSocketClient], aws_url: str, endpoints: Endpoints) -> None:
    """Create the demo rooms and write their messages."""
    members = {name: _member(client) for name, client in clients.items()}
    for demo_room in DEMO_ROOMS:
        _join(clients, demo_room)
        seed_data.write(aws_url, endpoints.rooms_table, demo_room.messages(members))


def _join(clients: Mapping[str, WebSocketClient], demo_room: DemoRoom) -> None:
    host, *guests = demo_room.people
    clients[host].ask("createRoom", roomId=demo_room.room_id, name=demo_room.name)
    for guest in guests:
        clients[guest].ask("joinRoom", roomId=demo_room.room_id)


def _member(client: WebSocketClient) -> Member:
    welcome = client.ask("hello")
    return Member(user_id=welcome["userId"], name=welcome["name"])


if __name__ == "__main__":
    sys.exit(main())
