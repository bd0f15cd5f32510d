"""Actions on rooms and on their members, in a window."""

from playwright.sync_api import Locator, expect

from tests.browser.support.axe import violations
from tests.browser.support.user import Visitor


def opens_private(visitor: Visitor, name: str) -> None:
    """Create a private room."""
    visitor.page.get_by_role("button", name="New room").first.click()
    dialog = visitor.page.get_by_role("dialog", name="New room")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("radio", name="Private").check()
    dialog.get_by_role("button", name="Create room").click()
    expect(visitor.composer).to_be_visible()


def invite_link(visitor: Visitor) -> str:
    """Create a link with an invite for one new member, and return it."""
    visitor.page.get_by_role("button", name="Invite people").click()
    dialog = visitor.page.get_by_role("dialog", name="Invite people")
    dialog.get_by_role("button", name="Create link").click()
    link = dialog.get_by_label("Invite link").input_value()
    dialog.get_by_role("button", name="Close").click()
    return link


def follows(visitor: Visitor, link: str) -> None:
    """Follow a link and join its room."""
    visitor.page.goto(link)
    expect(visitor.composer).to_be_visible()


def entry(visitor: Visitor, name: str) -> Locator:
    """Return the entry of a member in the list of people."""
    return visitor.people.get_by_role("listitem").filter(has_text=name)


def menu(visitor: Visitor, name: str) -> Locator:
    """Open the menu of a member, and return it."""
    visitor.people.get_by_role("button", name=f"Actions for {name}").click()
    return visitor.page.get_by_role("dialog", name=name)


def does(visitor: Visitor, name: str, *buttons: str) -> None:
    """Press buttons in the menu of a member, and check the accessibility of each dialog."""
    menu(visitor, name)
    for button in buttons:
        assert violations(visitor.page) == []
        visitor.page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()
    expect(visitor.page.get_by_role("dialog")).to_have_count(0)


def deletes(visitor: Visitor, text: str) -> None:
    """Delete a message."""
    article = visitor.messages.get_by_role("article").filter(has_text=text)
    article.hover()
    article.get_by_role("button", name="Delete this message").click()
    dialog = visitor.page.get_by_role("dialog", name="Delete this message?")
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(dialog).to_have_count(0)


def settings(visitor: Visitor) -> Locator:
    """Open the settings of the room in view, and return the dialog."""
    visitor.page.get_by_role("button", name="Room settings").click()
    return visitor.page.get_by_role("dialog", name="Room settings")
