"""Hypothesis strategies for valid and invalid frames and events."""

import json
from typing import Any

from hypothesis import strategies as st

from chat.protocol import REQUEST_TYPES

ids = st.one_of(
    st.sampled_from(["tea", "milk", "x" * 64, "x" * 65, "", " ", "téa", "a#b", "tea\n"]),
    st.text(max_size=70),
)
texts = st.one_of(
    st.text(min_size=1, max_size=40),
    st.sampled_from(["x" * 4000, "x" * 4001, "🫖" * 4000, "\x00", "\u2028", "\ud800", " "]),
)
numbers = st.one_of(
    st.integers(-2, 102), st.sampled_from([10**16 - 1, 10**16, 2**63, 10**400, -(2**70)])
)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    st.floats(),
    texts,
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)

users = st.sampled_from(["guest-0", "alice", "a#b", "", "x" * 257, "\x00", "\U0010ffff"])
cursors = st.one_of(st.none(), ids, st.sampled_from(["~", "\x00", "MEMBER#", "x" * 513]))
choices = st.sampled_from(
    ["public", "private", "mine", "owner", "moderator", "member", "king", "", None]
)

_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "after": numbers,
    "banned": st.booleans(),
    "before": numbers,
    "clientMessageId": ids,
    "cursor": cursors,
    "epoch": texts,
    "expiresInSeconds": numbers,
    "forGood": st.booleans(),
    "invite": texts,
    "inviteId": texts,
    "limit": numbers,
    "name": texts,
    "role": choices,
    "roomId": ids,
    "seconds": numbers,
    "seq": numbers,
    "text": texts,
    "token": texts,
    "userId": users,
    "uses": numbers,
    "visibility": choices,
    "which": choices,
}
_STRANGERS = ["sender", "x", "", "x` - at `$.text", "x" * 600 + "\n", "\ud800"]
"""Fields that no request has."""
_ACTIONS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    str(request.__struct_config__.tag): {
        name: _FIELDS[name] for name in request.__struct_encode_fields__ if name != "requestId"
    }
    for request in REQUEST_TYPES
}
"""Every action of the protocol. A field of a new kind fails the tests right here."""


@st.composite
def _requests(draw: st.DrawFn) -> dict[str, Any]:
    """Return a request whose fields are valid, missing, replaced or added."""
    action = draw(st.sampled_from(sorted(_ACTIONS)))
    frame = {name: draw(value) for name, value in _ACTIONS[action].items() if draw(st.booleans())}
    frame = {"action": action, **frame}
    if draw(st.booleans()):
        frame["requestId"] = draw(st.one_of(st.text(max_size=66), values))
    for name in draw(st.lists(st.sampled_from([*_FIELDS, "action", *_STRANGERS]), max_size=2)):
        frame[name] = draw(values)
    return frame


@st.composite
def _corrupted(draw: st.DrawFn) -> str:
    """Return a request's text that is truncated, doubled, or has an inserted character."""
    text = json.dumps(draw(_requests()), ensure_ascii=draw(st.booleans()))
    at = draw(st.integers(0, len(text)))
    return draw(
        st.sampled_from(
            [text[:at], text[at:], text[:at] + "\x00" + text[at:], text + text, text[:at] + text]
        )
    )


_good = st.builds(json.dumps, _requests())
frames = st.one_of(_good, _good, _corrupted(), values.map(json.dumps), st.text())
"""The text of a frame. Python's own json module accepts NaN and lone surrogates."""


def _fits(text: str) -> bool:
    try:
        return len(text.encode()) < 32 * 1024
    except UnicodeEncodeError:
        return False


sendable = frames.filter(_fits)
"""The frames that a WebSocket can carry and API Gateway accepts."""


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Return an event with its routing context. Other fields may be absent, null or invalid."""
    kind = draw(st.sampled_from(["CONNECT", "DISCONNECT", "MESSAGE", "OTHER", None]))
    context: dict[str, Any] = {"connectionId": draw(st.sampled_from(["alice", "new=", "gone="]))}
    if kind or draw(st.booleans()):
        context["eventType"] = kind
    optional: dict[str, st.SearchStrategy[Any]] = {
        "body": st.one_of(st.none(), frames, st.just("AAEC")),
        "isBase64Encoded": st.sampled_from([True, False, None]),
        "headers": st.sampled_from([None, {}, {"Host": "h"}]),
        "multiValueHeaders": st.none(),
        "queryStringParameters": st.one_of(
            st.none(),
            st.just({}),
            st.dictionaries(st.sampled_from(["name", "key", "x"]), st.text(max_size=140)),
        ),
    }
    more = {name: draw(value) for name, value in optional.items() if draw(st.booleans())}
    if draw(st.booleans()):
        context["routeKey"] = draw(st.sampled_from(["$default", "ping", "nothing", None]))
    return {"requestContext": context, **more}
