"""Measurements of the request costs of rooms, roles and moderation."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from tests.contract.measured_chat import MeasuredChat, Price, difference
from tests.contract.request_costs import Row, action_row


def to_visitor(tea: MeasuredChat, action: str, **fields: Any) -> Price:
    """Return the requests of an action of Alice on a user who joined and has no role."""
    tea.join("bob")
    return tea.price("alice", action, to="bob", **fields)


def to_member(
    tea: MeasuredChat, action: str, *, name: str = "bob", phones: int = 0, **fields: Any
) -> Price:
    """Return the requests of an action of Alice on a member with *phones* more connections."""
    tea.request("alice", "inviteMember", to=name)
    tea.join(name, *(f"{name}.{n}" for n in range(phones)))
    return tea.price("alice", action, to=name, **fields)


def to_one_more_phone(tea: MeasuredChat, action: str, **fields: Any) -> Price:
    two = to_member(tea, action, name="carol", phones=1, **fields)
    return difference(two, to_member(tea, action, **fields))


def invited(
    tea: MeasuredChat, *, name: str = "bob", has_role: bool = False, phones: int = 0
) -> Price:
    """Return the requests of `inviteMember` of a user with *phones* more connections.

    If *has_role* is true, the user has a role already.
    """
    if has_role:
        tea.request("alice", "inviteMember", to=name)
    for n in range(phones):
        tea.request(f"{name}.{n}", "ping", roomId=None)
    return tea.price("alice", "inviteMember", to=name)


def invited_with_a_phone(tea: MeasuredChat) -> Price:
    return difference(invited(tea, name="carol", phones=1), invited(tea))


def unbanned(tea: MeasuredChat, *, banned: bool) -> Price:
    tea.join("bob")
    if banned:
        tea.request("alice", "banMember", to="bob")
    return tea.price("alice", "unbanMember", to="bob")


def message_deleted(tea: MeasuredChat, *, by: str = "bob", times: int = 1) -> Price:
    """Return the requests of deleting Bob's message for the *times*-th time."""
    tea.join("bob")
    seq = tea.request("bob", "sendMessage", text="hi")["message"]["seq"]
    for _ in range(times - 1):
        tea.request(by, "deleteMessage", seq=seq)
    return tea.price(by, "deleteMessage", seq=seq)


def deleted(tea: MeasuredChat, room: str = "milk", *, people: int = 0, messages: int = 0) -> Price:
    """Return the requests of deleting a public room with *people* more users and *messages*."""
    tea.request("alice", "createRoom", roomId=room)
    tea.join(*(f"{room}-{n}" for n in range(people)), roomId=room)
    for _ in range(messages):
        tea.request("alice", "sendMessage", roomId=room, text="hi")
    return tea.price("alice", "deleteRoom", roomId=room)


def deleted_one_more(tea: MeasuredChat, **more: int) -> Price:
    return difference(deleted(tea, "mint", **more), deleted(tea))


def published(tea: MeasuredChat) -> Price:
    room = tea.request("alice", "createRoom", roomId=None, visibility="private")["room"]
    return tea.price("alice", "updateRoom", roomId=room["roomId"], visibility="public")


def revoked(tea: MeasuredChat) -> Price:
    invite_id = tea.request("alice", "createInvite")["inviteId"]
    return tea.price("alice", "revokeInvite", inviteId=invite_id)


def listed(tea: MeasuredChat, which: str) -> Price:
    return tea.price("alice", "listRooms", roomId=None, which=which)


def _to(action: str, **fields: Any) -> Mapping[str, Row]:
    """Return the rows of an action on another user."""
    return {
        f"`{action}`": partial(to_member, action=action, **fields),
        f"`{action}` of a user without a role": partial(to_visitor, action=action, **fields),
        f"`{action}`: each further connection": partial(to_one_more_phone, action=action, **fields),
    }


ROOM_ROWS: Mapping[str, Row] = {
    "`listRooms`": partial(listed, which="mine"),
    "`listRooms`, public": partial(listed, which="public"),
    "`listRoles`": action_row("alice", "listRoles"),
    "`listRoles` by a user without a role": action_row("bob", "listRoles"),
    "`createInvite`": action_row("alice", "createInvite"),
    "`listInvites`": action_row("alice", "listInvites"),
    "`revokeInvite`": revoked,
    "`inviteMember`": invited,
    "`inviteMember`: each further connection": invited_with_a_phone,
    "`inviteMember` of a user with a role": partial(invited, has_role=True),
    **_to("setRole", role="moderator"),
    **_to("muteMember", seconds=60),
    **_to("kickMember"),
    **_to("banMember"),
    "`unbanMember`": partial(unbanned, banned=True),
    "`unbanMember` of a user who is not banned": partial(unbanned, banned=False),
    "`deleteMessage`": message_deleted,
    "`deleteMessage` of another user's message": partial(message_deleted, by="alice"),
    "`deleteMessage`, repeated": partial(message_deleted, times=2),
    "`updateRoom`": action_row("alice", "updateRoom", name="Tea"),
    "`updateRoom`, to make it public": published,
    "`deleteRoom`": deleted,
    "`deleteRoom`: each further connection": partial(deleted_one_more, people=1),
    "`deleteRoom`: up to 25 further messages": partial(deleted_one_more, messages=1),
}
