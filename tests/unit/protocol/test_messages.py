"""The table of messages is complete, so that no struct is left out of the contract."""

from chat.protocol import EVENT_TYPES, REPLIES, REPLY_TYPES, Error, Event, Reply, Request


def test_every_request_has_its_reply() -> None:
    """Each request is in the table, and each reply but `error` answers one request."""
    assert set(REPLIES) == set(Request.__subclasses__())
    assert sorted(map(str, REPLIES.values())) == sorted(
        str(reply) for reply in Reply.__subclasses__() if reply is not Error
    )
    assert REPLY_TYPES[-1] is Error


def test_every_event_is_listed() -> None:
    """Each event is in the table."""
    assert set(EVENT_TYPES) == set(Event.__subclasses__())
