"""The examples of docs/protocol.md, said and answered on the chat in memory."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from chat.domain.rate_limit import Kind, Rate, Rates
from chat.protocol import Limits
from tests.support.fakes.clock_and_push import FakeClock
from tests.support.harness import LIMITS, Chat, Frame
from tests.support.protocol.fields import default_settings

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""The time of every example, unless its scenario lets time pass."""

TOKEN_LIFE = timedelta(minutes=90)

DEFAULTS = default_settings()


def _rates(whose: str) -> Mapping[Kind, Rate]:
    """Return the default rates of a connection or a user."""
    messages = Rate(DEFAULTS[f"{whose}MessageRate"], 1, DEFAULTS[f"{whose}MessageBurst"])
    joins = DEFAULTS[f"{whose}JoinsPerMinute"]
    reads = Rate(DEFAULTS[f"{whose}ReadRate"], 1, DEFAULTS[f"{whose}ReadBurst"])
    return {
        "messages": messages,
        "joins": Rate(joins, 60, joins),
        "changes": messages,
        "reads": reads,
    }


RATES = Rates(
    connection=_rates("connection"),
    user=_rates("user"),
    strikes=Rate(DEFAULTS["userStrikeRate"], 1, DEFAULTS["userStrikeBurst"]),
)

_HEX = "[0-9a-f]"
_MADE_UP = rf"private-{_HEX}{{32}}|{_HEX}{{12}}"

VOLATILE: Mapping[str, tuple[str, str]] = {
    "epoch": (rf"{_HEX}{{16}}", rf"epoch-.*|{_HEX}{{16}}"),
    "invite": (r"[A-Za-z0-9_-]{32}", r"[A-Za-z0-9_-]{32}"),
    "inviteId": (rf"{_HEX}{{64}}", rf"{_HEX}{{64}}"),
    "roomId": (_MADE_UP, _MADE_UP),
    "message": (rf"internal error {_HEX}{{16}}", rf"internal error {_HEX}{{16}}"),
}
"""Fields whose values are random: their format in the document, and in the chat on fakes.

Each value of the document takes the place of one value of the chat, wherever it appears again.
"""


def limits() -> Limits:
    """Return the limits of the default settings."""
    return msgspec.structs.replace(
        LIMITS,
        messages_per_second=RATES.per_second("messages"),
        message_burst=RATES.burst("messages"),
        joins_per_minute=RATES.burst("joins"),
        reads_per_second=RATES.per_second("reads"),
        read_burst=RATES.burst("reads"),
    )


@dataclass
class Conversation:
    """Users who are signed in, with the values of the document in place of random ones."""

    chat: Chat = field(
        default_factory=lambda: Chat(limits=limits(), clock=FakeClock(START), rates=RATES)
    )
    _real: dict[str, str] = field(default_factory=dict)
    _read: dict[str, int] = field(default_factory=dict)

    def connect(self, *connection_ids: str) -> None:
        """Open connections of users, whose ids are the first words of the connections'."""
        for connection_id in connection_ids:
            user_id = connection_id.split(".")[0]
            expires_at = self.chat.clock.now() + TOKEN_LIFE
            status = self.chat.is_let_in(
                connection_id,
                userId=user_id,
                name=user_id.capitalize(),
                expiresAt=str(int(expires_at.timestamp())),
                tokenId=f"token-of-{connection_id}",
            )
            assert status == 200

    def sends(self, connection_id: str, **frame: Any) -> Frame:
        """Send a request as the document has it; return the reply as the chat has it."""
        if connection_id not in self.chat.replies:
            self.connect(connection_id)
        return self.sends_text(connection_id, json.dumps(frame))

    def sends_text(self, connection_id: str, text: str) -> Frame:
        """Send a text frame, with the chat's values in place of the document's."""
        for documented, real in self._real.items():
            text = text.replace(json.dumps(documented), json.dumps(real))
        return self.chat.says(connection_id, text)

    def bind(self, documented: str, real: str) -> None:
        """Let a value of the document take the place of a value of the chat."""
        self._real[documented] = real

    def events(self, connection_id: str) -> Sequence[Frame]:
        """Return the events that a connection has received and that were not returned before."""
        heard = self.chat.heard(connection_id)
        start = self._read.get(connection_id, 0)
        self._read[connection_id] = len(heard)
        return heard[start:]

    def as_documented(self, frame: Any, expected: Any) -> Any:
        """Return a frame of the chat with the values of the document in place of random ones."""
        self._learn(frame, expected)
        text = json.dumps(frame)
        for documented, real in self._real.items():
            text = text.replace(json.dumps(real), json.dumps(documented))
        return json.loads(text)

    def _learn(self, real: Any, documented: Any) -> None:
        """Bind the random values of a frame to those that the document has in their places."""
        if isinstance(real, dict) and isinstance(documented, dict):
            for key in real.keys() & documented.keys():
                if _is_volatile(key, documented[key], real[key]):
                    self._real.setdefault(documented[key], real[key])
                else:
                    self._learn(real[key], documented[key])
        elif isinstance(real, list) and isinstance(documented, list):
            for pair in zip(real, documented, strict=False):
                self._learn(*pair)


def _is_volatile(key: str, documented: Any, real: Any) -> bool:
    if key not in VOLATILE or not isinstance(documented, str) or not isinstance(real, str):
        return False
    form, fake = VOLATILE[key]
    return bool(re.fullmatch(form, documented) and re.fullmatch(fake, real))
