"""How the rows of the price list come about that are about rooms, roles and order."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from tests.contract.measured_chat import MeasuredChat, Price, difference
from tests.contract.request_costs import Row, asks


def to_visitor(tea: MeasuredChat, action: str, **fields: Any) -> Price:
    """What Alice does to somebody who has come and has no role."""
    tea.come("bob")
    return tea.price("alice", action, to="bob", **fields)


def to_member(
    tea: MeasuredChat, action: str, *, name: str = "bob", phones: int = 0, **fields: Any
) -> Price:
    """What she does to a member, who has come with so many phones beside the laptop."""
    tea.does("alice", "inviteMember", to=name)
    tea.come(name, *(f"{name}.{n}" for n in range(phones)))
    return tea.price("alice", action, to=name, **fields)


def to_a_phone_more(tea: MeasuredChat, action: str, **fields: Any) -> Price:
    two = to_member(tea, action, name="carol", phones=1, **fields)
    return difference(two, to_member(tea, action, **fields))


def invited(
    tea: MeasuredChat, *, name: str = "bob", before: bool = False, phones: int = 0
) -> Price:
    """Somebody who has a role already, or none, and so many phones beside the laptop."""
    if before:
        tea.does("alice", "inviteMember", to=name)
    for n in range(phones):
        tea.does(f"{name}.{n}", "ping", roomId=None)
    return tea.price("alice", "inviteMember", to=name)


def invited_with_a_phone(tea: MeasuredChat) -> Price:
    return difference(invited(tea, name="carol", phones=1), invited(tea))


def unbanned(tea: MeasuredChat, *, banned: bool) -> Price:
    tea.come("bob")
    if banned:
        tea.does("alice", "banMember", to="bob")
    return tea.price("alice", "unbanMember", to="bob")


def taken_back(tea: MeasuredChat, *, by: str = "bob", times: int = 1) -> Price:
    """Bob's message, the first time or again."""
    tea.come("bob")
    seq = tea.does("bob", "sendMessage", text="hi")["message"]["seq"]
    for _ in range(times - 1):
        tea.does(by, "deleteMessage", seq=seq)
    return tea.price(by, "deleteMessage", seq=seq)


def deleted(tea: MeasuredChat, room: str = "milk", *, people: int = 0, messages: int = 0) -> Price:
    """A public room with so many people beside the owner, and so many messages."""
    tea.does("alice", "createRoom", roomId=room)
    tea.come(*(f"{room}-{n}" for n in range(people)), roomId=room)
    for _ in range(messages):
        tea.does("alice", "sendMessage", roomId=room, text="hi")
    return tea.price("alice", "deleteRoom", roomId=room)


def deleted_one_more(tea: MeasuredChat, **more: int) -> Price:
    return difference(deleted(tea, "mint", **more), deleted(tea))


def published(tea: MeasuredChat) -> Price:
    room = tea.does("alice", "createRoom", roomId=None, visibility="private")["room"]
    return tea.price("alice", "updateRoom", roomId=room["roomId"], visibility="public")


def listed(tea: MeasuredChat, which: str) -> Price:
    return tea.price("alice", "listRooms", roomId=None, which=which)


def _to(action: str, **fields: Any) -> Mapping[str, Row]:
    """The rows of an action on somebody."""
    return {
        f"`{action}`": partial(to_member, action=action, **fields),
        f"`{action}` of a user without a role": partial(to_visitor, action=action, **fields),
        f"`{action}`: each further connection": partial(to_a_phone_more, action=action, **fields),
    }


OF_ROOMS: Mapping[str, Row] = {
    "`listRooms`": partial(listed, which="mine"),
    "`listRooms`, public": partial(listed, which="public"),
    "`listRoles`": asks("alice", "listRoles"),
    "`listRoles` by a user without a role": asks("bob", "listRoles"),
    "`createInvite`": asks("alice", "createInvite"),
    "`inviteMember`": invited,
    "`inviteMember`: each further connection": invited_with_a_phone,
    "`inviteMember` of a user with a role": partial(invited, before=True),
    **_to("setRole", role="moderator"),
    **_to("muteMember", seconds=60),
    **_to("kickMember"),
    **_to("banMember"),
    "`unbanMember`": partial(unbanned, banned=True),
    "`unbanMember` of a user who is not banned": partial(unbanned, banned=False),
    "`deleteMessage`": taken_back,
    "`deleteMessage` of another user's message": partial(taken_back, by="alice"),
    "`deleteMessage`, repeated": partial(taken_back, times=2),
    "`updateRoom`": asks("alice", "updateRoom", name="Tea"),
    "`updateRoom`, to make it public": published,
    "`deleteRoom`": deleted,
    "`deleteRoom`: each further connection": partial(deleted_one_more, people=1),
    "`deleteRoom`: up to 25 further messages": partial(deleted_one_more, messages=1),
}
