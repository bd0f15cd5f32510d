"""The question to a review hook, and what its answer does to the message."""

import logging
import unicodedata
from typing import Literal, Protocol

import msgspec

from chat.errors import ChatError, NotReviewed, Refused
from chat.protocol import Member, SendMessage
from chat.protocol.text import check_text

RETRY_AFTER_MS = 3_000
REASON_LENGTH = 200
"""Characters of a reason, which the page shows beside the message."""

_UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

log = logging.getLogger(__name__)


class HookError(Exception):
    """The hook gave no answer in time."""


class Hook(Protocol):
    """Function that the operator configured."""

    def __call__(self, question: bytes) -> bytes:
        """Return the answer as JSON. Raises `HookError`."""


class Question(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """Message that is about to be stored."""

    room_id: str
    sender: Member
    text: str
    client_message_id: str | None = None


class Verdict(msgspec.Struct, frozen=True):
    """Answer of the hook."""

    allow: bool
    text: str | None = None
    reason: str = ""


class HookReview:
    """Review port that calls a hook and applies the policy for failures."""

    def __init__(self, hook: Hook, *, failure: Literal["open", "closed"], text_length: int) -> None:
        self._hook = hook
        self._failure = failure
        self._text_length = text_length

    def of(self, request: SendMessage, *, sender: Member) -> SendMessage:
        """Return the message to store. Raises `Refused` and `NotReviewed`."""
        try:
            verdict = self._verdict(request, sender)
        except (HookError, msgspec.MsgspecError, ChatError) as error:
            log.warning("a message could not be reviewed", exc_info=error)
            if self._failure == "open":
                return request
            raise NotReviewed(
                "the message could not be reviewed: send it again", retry_after_ms=RETRY_AFTER_MS
            ) from None
        if not verdict.allow:
            raise Refused(_readable(verdict.reason))
        return (
            request if verdict.text is None else msgspec.structs.replace(request, text=verdict.text)
        )

    def _verdict(self, request: SendMessage, sender: Member) -> Verdict:
        """Ask the hook. A replaced text is checked like a text that a user sends."""
        person = Member(user_id=sender.user_id, name=sender.name)
        asked = Question(request.room_id, person, request.text, request.client_message_id)
        verdict = msgspec.json.decode(self._hook(msgspec.json.encode(asked)), type=Verdict)
        if verdict.allow and verdict.text is not None:
            check_text(verdict.text, limit=self._text_length)
        return verdict


def _readable(reason: str) -> str:
    """Return *reason* as one line of visible text, cut to REASON_LENGTH."""
    line = "".join(" " if unicodedata.category(c) in _UNREADABLE else c for c in reason)
    return " ".join(line.split())[:REASON_LENGTH]
