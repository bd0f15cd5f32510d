"""The audit trail: one log line for each change of a room, with the user who made it."""

import logging
from typing import Literal

from chat.domain.connection import Connection

log = logging.getLogger("chat.audit")
"""The logger of the trail. It writes at every log level that operators can set."""

AuditEvent = Literal[
    "connected",
    "roomCreated",
    "roomRenamed",
    "roomPublished",
    "roomDeleted",
    "roleSet",
    "roleGivenUp",
    "memberInvited",
    "memberKicked",
    "memberBanned",
    "memberUnbanned",
    "memberMuted",
    "messageDeleted",
    "inviteCreated",
    "inviteRevoked",
    "inviteUsed",
]
"""The kinds of changes that have a line."""


def record_change(
    event: AuditEvent,
    connection: Connection,
    *,
    room_id: str | None = None,
    target: str | None = None,
    **details: str | int | None,
) -> None:
    """Write the line of a change that was stored, with the user who made it.

    A line has ids, roles, times and numbers. It has no name, text or secret.
    """
    fields = {
        "event": event,
        "userId": connection.member.user_id,
        "connectionId": connection.connection_id,
        "roomId": room_id,
        "targetUserId": target,
        **details,
    }
    known = {name: value for name, value in fields.items() if value is not None}
    log.info("audit", extra={"fields": known})
