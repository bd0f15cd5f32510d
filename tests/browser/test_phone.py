"""The page on a phone: one view at a time, without overflow."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.support.user import People, Visitor

LINES = """
(button) => {
  const words = document.createRange();
  words.selectNodeContents(button);
  const tops = [...words.getClientRects()].filter(({ width }) => width > 0);
  const middles = tops.map(({ top, bottom }) => Math.round((top + bottom) / 2));
  const spread = Math.max(...middles) - Math.min(...middles);
  return [spread < 10 ? 1 : 2, button.scrollWidth > button.clientWidth];
}
"""
TOUCH = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}


@pytest.fixture(params=[(320, 568), (390, 844)], ids=["small", "usual"])
def phone(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the options of each phone in turn."""
    width, height = request.param
    return {"viewport": {"width": width, "height": height}, **TOUCH}


def test_one_view_at_a_time(
    people: People, phone: dict[str, Any], new_room: Callable[[], str]
) -> None:
    """Rooms, conversation and people each use the whole window, with a way back."""
    room = new_room()
    people.host("Bob", room, room_name="Tea time")
    alice = people.member("Alice", room, **phone)
    expect(alice.rooms).not_to_be_visible()

    alice.composer.tap()
    alice.says("Hello from the bus, with a longer text that needs more than one line")
    expect(alice.pending).to_have_count(0)
    fits(alice)
    alice.page.get_by_role("button", name="Show members").tap()
    expect(alice.page.get_by_role("dialog").get_by_text("Bob")).to_be_visible()
    fits(alice)
    alice.page.get_by_role("button", name="Close").tap()
    alice.page.get_by_role("link", name="Back to the rooms").tap()

    expect(alice.rooms).to_be_visible()
    expect(alice.composer).not_to_be_visible()
    fits(alice)
    alice.room_link("Tea time").tap()
    expect(alice.composer).to_be_visible()


def test_composer_stays_in_view_above_the_keyboard(
    people: People, phone: dict[str, Any], room: str
) -> None:
    """With half of the window, the composer and the last message are in view."""
    people.host("Bob", room)
    alice = people.member("Alice", room, **phone)
    for number in range(20):
        alice.says(f"{number}")
    expect(alice.pending).to_have_count(0)

    size = phone["viewport"]
    alice.page.set_viewport_size({"width": size["width"], "height": size["height"] // 2})

    expect(alice.composer).to_be_in_viewport(ratio=1)
    expect(alice.bubbles.get_by_text("19", exact=True)).to_be_in_viewport(ratio=1)
    fits(alice)


def test_long_words_break(people: People, phone: dict[str, Any], room: str) -> None:
    """Long words, links and names stay within the window."""
    alice = people.host("W" * 64, room, room_name="M" * 64)
    bob = people.member("Bob", room, **phone)

    for text in ("x" * 400, f"https://example.com/{'y' * 300}", "ﷺ" * 100):
        alice.says(text)
        bob.sees(text)

    fits(bob)
    width = bob.page.evaluate("innerWidth")
    for box in [bubble.bounding_box() for bubble in bob.bubbles.all()]:
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


@pytest.mark.parametrize("width", [320, 768, 820, 1024, 1280])
def test_buttons_keep_to_one_line(people: People, width: int) -> None:
    """In every width, the labels of the buttons are complete and on one line."""
    alice = people.visitor(viewport={"width": width, "height": 700})
    alice.opens()
    alice.signs_in("Alice")

    for name in ("New room", "Join"):
        button = alice.rooms.get_by_role("button", name=name)
        lines, cut = button.evaluate(LINES)
        assert lines == 1
        assert not cut
    fits(alice)


def fits(visitor: Visitor) -> None:
    """Expect that nothing is wider or higher than the window, so the page does not scroll."""
    sizes = visitor.page.evaluate(
        "(({scrollWidth, scrollHeight}) => [scrollWidth, scrollHeight, innerWidth, innerHeight])"
        "(document.scrollingElement)"
    )
    assert sizes[:2] == sizes[2:]
