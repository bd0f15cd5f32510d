"""Write docs/asyncapi.yaml, the AsyncAPI 3 document of the protocol, from `chat.protocol`.

Run `make asyncapi` after a change of the protocol; a test fails while the file is stale.
"""

from inspect import cleandoc
from typing import Any

import msgspec
import yaml

from chat.protocol import EVENT_TYPES, REPLIES, REPLY_TYPES, REQUEST_TYPES, Error
from tools.common import ROOT

TARGET = ROOT / "docs" / "asyncapi.yaml"

Json = dict[str, Any]
Struct = type[msgspec.Struct]


def document() -> Json:
    """Return the AsyncAPI document as plain data."""
    structs = (*REQUEST_TYPES, *REPLY_TYPES, *EVENT_TYPES)
    _, schemas = msgspec.json.schema_components(structs, ref_template="#/components/schemas/{name}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Live Chat WebSockets",
            "version": "1.0.0",
            "description": (
                "JSON text frames. Every request gets exactly one reply, which repeats its "
                "requestId. Changes that other connections cause arrive as events."
            ),
        },
        "defaultContentType": "application/json",
        "servers": {
            "aws": {
                "host": "{apiId}.execute-api.{region}.amazonaws.com",
                "pathname": "/{stage}",
                "protocol": "wss",
                "description": "A deployed environment; the stack's WebSocketUrl output.",
                "variables": {
                    "apiId": {"description": "The WebSocket API's id."},
                    "region": {"description": "The region it is deployed to."},
                    "stage": {"description": "The stage's name."},
                },
            }
        },
        "channels": {"chat": _channel(structs)},
        "operations": _operations(),
        "components": {
            "messages": {_name(struct): _message(struct) for struct in structs},
            "schemas": _without_indentation(dict(sorted(schemas.items()))),
        },
    }


def render() -> str:
    """Return the document as YAML."""
    text: str = yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=100)
    return f"# Generated from lambda/chat/protocol by `make asyncapi`.\n{text}"


def _name(struct: Struct) -> str:
    return struct.__name__


def _message(struct: Struct) -> Json:
    return {
        "name": struct.__struct_config__.tag,
        "summary": (struct.__doc__ or "").strip().splitlines()[0],
        "payload": {"$ref": f"#/components/schemas/{_name(struct)}"},
    }


def _channel(structs: tuple[Struct, ...]) -> Json:
    query = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "description": "A guest's display name."},
            "key": {
                "type": "string",
                "pattern": "^[A-Za-z0-9._~-]{16,128}$",
                "description": "A guest's secret. The same key is the same user.",
            },
        },
    }
    return {
        "address": "/",
        "description": "One WebSocket connection.",
        "bindings": {"ws": {"method": "GET", "query": query}},
        "messages": {
            _name(struct): {"$ref": f"#/components/messages/{_name(struct)}"} for struct in structs
        },
    }


def _operations() -> Json:
    requests: Json = {
        str(request.__struct_config__.tag): {
            "action": "receive",
            "channel": {"$ref": "#/channels/chat"},
            "messages": [_in_channel(request)],
            "reply": {
                "channel": {"$ref": "#/channels/chat"},
                "messages": [_in_channel(reply), _in_channel(Error)],
            },
        }
        for request, reply in REPLIES.items()
    }
    events = {
        f"push{_name(event)}": {
            "action": "send",
            "channel": {"$ref": "#/channels/chat"},
            "messages": [_in_channel(event)],
        }
        for event in EVENT_TYPES
    }
    return {**requests, **events}


def _in_channel(struct: Struct) -> Json:
    return {"$ref": f"#/channels/chat/messages/{_name(struct)}"}


def _without_indentation(value: Any) -> Any:
    """Return a schema whose descriptions have no indentation.

    Before Python 3.13, a docstring keeps the indentation of the source.
    """
    if isinstance(value, list):
        return [_without_indentation(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: cleandoc(each) if isinstance(each, str) else _without_indentation(each)
        for key, each in value.items()
    }


def main() -> None:
    """Write the document to its place."""
    TARGET.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
