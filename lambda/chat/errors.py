"""Errors, each with its wire code."""

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
    """A request that cannot be done. The client receives *message*."""

    code: ClassVar[Code]
    status: ClassVar[int] = 400
    """HTTP status of a refused handshake, which has no frame for the error."""

    def __init__(self, message: str, *, retry_after_ms: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_ms = retry_after_ms
        self.reason: str | None = None


class BadRequest(ChatError):
    """The frame breaks the protocol. The message names the field."""

    code = "bad_request"


class UnknownAction(ChatError):
    """No handler has this action's name."""

    code = "unknown_action"


class Unauthorized(ChatError):
    """The connection is unknown, or the token is not valid."""

    code = "unauthorized"
    status = 401


class Forbidden(ChatError):
    """The request is not allowed."""

    code = "forbidden"
    status = 403


class Refused(Forbidden):
    """The review has rejected a message. Its *reason* is shown to the user and may be empty."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the review rejected the message: {reason or 'no reason given'}")
        self.reason = reason or None


class RoomNotFound(ChatError):
    """The room does not exist, or is private and the user is not a member. Both look alike."""

    code = "room_not_found"

    def __init__(self, message: str = "$.roomId: there is no such room") -> None:
        super().__init__(message)


class RoomExists(ChatError):
    """A room with this id exists, or has existed."""

    code = "room_exists"


class NotAMember(ChatError):
    """This connection has not joined the room."""

    code = "not_a_member"


class Conflict(ChatError):
    """Another request changed the same thing at the same time."""

    code = "rate_limited"

    def __init__(self) -> None:
        super().__init__(
            "another request changed this at the same time; retry in 100 ms", retry_after_ms=100
        )


class OutOfTime(ChatError):
    """The time of one request was too short. A repeated request does the rest."""

    code = "rate_limited"

    def __init__(self) -> None:
        super().__init__(
            "not all connections were closed in time; retry in 100 ms", retry_after_ms=100
        )


class TooLarge(ChatError):
    """A field is over its limit. The message names both."""

    code = "too_large"


class RateLimited(ChatError):
    """A rate limit is exceeded. The client may retry after `retry_after_ms`."""

    code = "rate_limited"
    status = 429


class NotReviewed(ChatError):
    """The review failed. The client may retry after `retry_after_ms`."""

    code = "not_reviewed"


class Internal(ChatError):
    """A fault of the server. The message holds only the id of the log line."""

    code = "internal"
    status = 500


def rate_limit_exceeded(wait_ms: int) -> RateLimited:
    """Return the error for a bucket without a token."""
    return RateLimited(f"rate limit exceeded; retry in {wait_ms} ms", retry_after_ms=wait_ms)


def unknown_connection() -> Unauthorized:
    """Return the error for a connection that has ended."""
    return Unauthorized("this connection is unknown or has ended: reconnect")


def token_revoked() -> Unauthorized:
    """Return the error for a token that was signed out."""
    return Unauthorized("token revoked")


def invite_not_valid() -> RoomNotFound:
    """Return the error for every invite that does not open the room, whatever the cause."""
    return RoomNotFound("$.invite: the room does not exist, or the invite is not valid")


def room_id_taken() -> RoomExists:
    """Return the error for a room id that a room has, or has had."""
    return RoomExists("$.roomId: a room with this id exists: join it, or choose another id")


def room_is_full(limit: int) -> Forbidden:
    """Return the error for a role or a ban above the limit of a room."""
    return Forbidden(
        f"the room has roles and bans of {limit} users or more: take one from another user first"
    )


def too_many_invites(limit: int) -> Forbidden:
    """Return the error for an invite above the limit of a room."""
    return Forbidden(f"a room may have {limit} open invites: revoke one first")


def last_owner() -> Forbidden:
    """Return the error for a change that would leave a room without an owner."""
    return Forbidden("a room needs an owner: make another user owner first, or delete the room")


def no_such_message() -> BadRequest:
    """Return the error for a seq without a message."""
    return BadRequest("$.seq: there is no message with this seq")
