"""Where the chat is, and who comes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A chat, and its visitors: guests, or the bearers of one or two tokens."""

    url: str
    tokens: tuple[str, ...] = ()
    origin: str | None = None
    """Of the page that the clients say they are, where only some pages may connect."""
    patience: float = 10.0
    """Seconds to wait for anything."""

    def token(self, number: int) -> str | None:
        """That of a client, from 0; one token is for all, without any they are guests."""
        return self.tokens[min(number, len(self.tokens) - 1)] if self.tokens else None
