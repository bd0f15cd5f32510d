"""The chat that the smoke test connects to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A chat, and the credentials of the two clients: guests, or one or two tokens."""

    url: str
    tokens: tuple[str, ...] = ()
    origin: str | None = None
    """`Origin` header of the clients, for chats that accept only the origins of some pages."""
    timeout: float = 10.0
    """Seconds to wait for each answer."""

    def token(self, number: int) -> str | None:
        """Return the token of client *number*, from 0, or None for guests.

        With one token, all clients use it.
        """
        return self.tokens[min(number, len(self.tokens) - 1)] if self.tokens else None
