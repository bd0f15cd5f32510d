"""The tree of errors, each with its wire code."""

from typing import ClassVar, Literal

Code = Literal[
    "bad_request",
    "unknown_action",
    "unauthorized",
    "forbidden",
    "room_not_found",
    "room_exists",
    "not_a_member",
    "too_large",
    "rate_limited",
    "not_reviewed",
    "internal",
]


class ChatError(Exception):
    """What a client did that cannot be done; *message* is shown to it."""

    code: ClassVar[Code]
    status: ClassVar[int] = 400
    """HTTP status when it refuses a handshake, which has no frame to answer with."""

    def __init__(self, message: str, *, retry_after_ms: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_ms = retry_after_ms
        self.reason: str | None = None


class BadRequest(ChatError):
    """The frame breaks the protocol; the message names the field."""

    code = "bad_request"


class UnknownAction(ChatError):
    """No handler has this action's name."""

    code = "unknown_action"


class Unauthorized(ChatError):
    """The connection is not, or no longer, known: reconnect."""

    code = "unauthorized"
    status = 401


class Forbidden(ChatError):
    """Understood, and not allowed."""

    code = "forbidden"
    status = 403


class Refused(Forbidden):
    """The review has refused a message; its *reason* is for people, and may be empty."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the review refused the message: {reason or 'no reason given'}")
        self.reason = reason or None


class RoomNotFound(ChatError):
    """There is no such room, or none that this user may know of: nobody can tell them apart."""

    code = "room_not_found"

    def __init__(self, message: str = "$.roomId: there is no such room") -> None:
        super().__init__(message)


class RoomExists(ChatError):
    """The roomId is taken."""

    code = "room_exists"


class NotAMember(ChatError):
    """This connection has not joined the room."""

    code = "not_a_member"


class Raced(ChatError):
    """Somebody else changed the same thing at the same time."""

    code = "rate_limited"

    def __init__(self) -> None:
        super().__init__("somebody changed this at the same time: try again", retry_after_ms=100)


class TooLarge(ChatError):
    """A field is over its limit; the message names both."""

    code = "too_large"


class RateLimited(ChatError):
    """Too much at once: try again after `retry_after_ms`."""

    code = "rate_limited"
    status = 429


class NotReviewed(ChatError):
    """What has to be reviewed could not be: try again after `retry_after_ms`."""

    code = "not_reviewed"


class Internal(ChatError):
    """Our fault; the message holds nothing but the id of the log line."""

    code = "internal"
    status = 500


def rate_limit_exceeded(wait_ms: int) -> RateLimited:
    """Too much at once."""
    return RateLimited(f"too much at once: again in {wait_ms} ms", retry_after_ms=wait_ms)
