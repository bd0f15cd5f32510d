"""The size of the script, the time to the first message, and ten thousand messages."""

import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import WebSocketRoute, expect

from chat.protocol import Message
from tests.browser.support import seed_data
from tests.browser.support.user import People
from tests.support.clients.websocket import connected
from tests.support.emulator import Stack

MANY = 10_000
PAGE = 100
SCRIPT_BYTES = 48_000
CHUNK_BYTES = 12_000
ELEMENTS = 2_000
"""The maximum number of elements of the page, for any number of messages in the room."""

FIRST_MESSAGE = """
window.firstMessage = new Promise((resolve) => {
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".bubble")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  }).observe(document, { childList: true, subtree: true });
});
"""
TO_THE_TOP = """
(list) => new Promise((resolve) => {
  let still = 0;
  const up = () => {
    const isThere = list.textContent.includes("This is the start of the conversation");
    still = isThere && list.scrollTop === 0 ? still + 1 : 0;
    if (still > 10) return resolve();
    list.scrollTop = 0;
    requestAnimationFrame(up);
  };
  up();
})
"""
SCROLL = """
(list) => new Promise((resolve) => {
  const frames = [];
  let most = 0;
  let before = performance.now();
  const step = (now) => {
    frames.push(now - before);
    before = now;
    most = Math.max(most, document.querySelectorAll("*").length);
    list.scrollTop += 120;
    if (frames.length < 600) requestAnimationFrame(step);
    else resolve({ frames: frames.slice(10), most });
  };
  requestAnimationFrame(step);
})
"""


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Return a function that prints a measurement, also if the test passes."""

    def print_through(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}")  # noqa: T201 - measurements are for people

    return print_through


def test_script_is_small(built_page: Path, report: Callable[[str], None]) -> None:
    """The first script has less than 48,000 bytes compressed, and two chunks less than 12,000."""
    entry = (built_page / "index.html").read_text()
    sizes = {path.name: compressed(path) for path in built_page.rglob("*.js")}
    styles = sum(compressed(path) for path in built_page.rglob("*.css"))
    size = sum(bytes_ for name, bytes_ in sizes.items() if name in entry)
    later = {chunk_name(name): bytes_ for name, bytes_ in sizes.items() if name not in entry}

    report(f"script: {size:,} bytes compressed, then {later}; style sheets: {styles:,}")
    assert 0 < size < SCRIPT_BYTES
    assert set(later) == {"lazy", "sign-in"}
    assert all(0 < bytes_ < CHUNK_BYTES for bytes_ in later.values())


def test_guests_do_not_load_the_sign_in_chunk(people: People) -> None:
    """The page of a guest never requests the sign-in chunk."""
    visitor = people.visitor()
    requested: list[str] = []
    visitor.page.on("request", lambda request: requested.append(request.url))

    visitor.opens()
    visitor.signs_in("Alice")

    assert any("/assets/index-" in url for url in requested)
    assert not any("/assets/sign-in-" in url for url in requested)


def chunk_name(file_name: str) -> str:
    """Return a chunk's name without the hash of eight characters and the ending."""
    return file_name[: -len("-01234567.js")]


def compressed(path: Path) -> int:
    """Return the compressed size in bytes."""
    return len(gzip.compress(path.read_bytes(), mtime=0))


def test_time_to_the_first_message(
    people: People, room: str, report: Callable[[str], None]
) -> None:
    """Measure the time from the start of loading to the first message, three times."""
    alice = people.host("Alice", room)
    alice.says("Hello")
    expect(alice.pending).to_have_count(0)
    alice.page.add_init_script(FIRST_MESSAGE)

    times = []
    for _ in range(3):
        alice.page.reload()
        times.append(alice.page.evaluate("window.firstMessage"))

    report("first message after " + ", ".join(f"{time:.0f} ms" for time in times))


def answer_history(socket: WebSocketRoute, log: Sequence[Message]) -> None:
    """Reply to getHistory from *log*, because the emulator takes almost a second a page."""
    server = socket.connect_to_server()

    def on_message(frame: str | bytes) -> None:
        request = json.loads(frame)
        if request["action"] != "getHistory":
            server.send(frame)
            return
        older = log[: request["before"] - 1]
        reply = {"type": "history", "requestId": request["requestId"], "roomId": log[0].room_id}
        page = msgspec.to_builtins(older[-PAGE:])
        socket.send(json.dumps({**reply, "messages": page, "hasMore": len(older) > PAGE}))

    socket.on_message(on_message)


def test_ten_thousand_messages_scroll(
    people: People, stack: Stack, room: str, report: Callable[[str], None]
) -> None:
    """Only the messages in view are in the document, and scrolling skips none of them."""
    with connected(stack.web_socket_url, name="Ada") as ada:
        ada.ask("createRoom", roomId=room)
    log = seed_data.small_talk(room, MANY)
    seed_data.write(stack.endpoint_url, stack.rooms_table, log)
    alice = people.visitor()
    alice.page.route_web_socket("**", lambda socket: answer_history(socket, log))
    alice.opens(room)
    alice.signs_in("Alice")
    expect(alice.bubbles.last).to_contain_text(f"{MANY}")

    alice.messages.evaluate(TO_THE_TOP)
    expect(alice.bubbles.first).to_have_text("1" + " and so on" * 7)
    measured: dict[str, Any] = alice.messages.evaluate(SCROLL)

    frames = sorted(measured["frames"])
    middle, slow, slowest = (frames[int(len(frames) * part)] for part in (0.5, 0.95, 0.9999))
    report(
        f"{MANY:,} messages: a frame takes {middle:.1f} ms (95 %: {slow:.1f}, most {slowest:.1f}), "
        f"at most {measured['most']:,} elements"
    )
    assert measured["most"] < ELEMENTS
    numbers = [int(text.split()[0]) for text in alice.texts()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
