"""sendMessage: say something to everyone in a room."""

from chat.membership import require_member, require_voice
from chat.ports import Request, Services
from chat.presence import announce
from chat.protocol import MessageEvent, MessageSent, SendMessage
from chat.words import check_text


def handle(request: Request[SendMessage], services: Services) -> MessageSent:
    """Append the message to the room's log, then push it to the room's audience.

    A repeated request is pushed again: the first may have died before it came to that.
    """
    said = request.body
    check_text(said.text, limit=services.limits.text_length)
    sender = require_member(said.room_id, request.connection_id, services)
    require_voice(said.room_id, sender, services)

    message = services.rooms.append(said, sender=sender.member)
    event = MessageEvent(message=message)
    announce(said.room_id, event, services, besides=request.connection_id)
    return MessageSent(message=message)
