"""Messages that an environment of the function has pushed, to push no repetition of them."""

from chat.domain.bounded_dict import BoundedDict
from chat.protocol import Message


class FinishedPushes:
    """The last 10,000 messages and deletions whose push was finished in this environment.

    A function that ends before or during a push leaves none here.
    """

    def __init__(self) -> None:
        self._finished = BoundedDict[bool]()

    def has(self, message: Message) -> bool:
        """Return whether this state of a message was pushed to all."""
        return self._finished.get(_name(message), False)

    def add(self, message: Message) -> None:
        """Remember that this state of a message was pushed to all."""
        self._finished.put(_name(message), True)


def _name(message: Message) -> str:
    """Return a name that no other message has, also in a later room with the same id."""
    sender = message.sender.user_id
    parts = (message.room_id, message.seq, message.sent_at, message.deleted_at)
    return " ".join(map(str, (*parts, message.client_message_id, sender)))
