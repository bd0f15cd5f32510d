"""Log lines: one JSON object each, whatever clients send."""

import json
import logging

from chat.observability.logs import JsonFormatter


def test_writes_one_object_a_line() -> None:
    """Fields are keys of the line; a line break in a value causes no second line."""
    record = logging.LogRecord("chat", logging.INFO, __file__, 1, "handled", (), None)
    record.fields = {"route": 'evil\n{"level": "ERROR"}'}

    line = JsonFormatter().format(record)

    assert "\n" not in line
    assert json.loads(line) == {
        "level": "INFO",
        "message": "handled",
        "logger": "chat",
        "route": 'evil\n{"level": "ERROR"}',
    }


def test_has_the_ids_of_its_invocation() -> None:
    """A warning has the ids of the request during which it was written."""
    ids: dict[str, str] = {}
    formatter = JsonFormatter(lambda: ids)
    record = logging.LogRecord("chat", logging.WARNING, __file__, 1, "oh", (), None)

    ids["requestId"] = "gateway-1"

    assert json.loads(formatter.format(record))["requestId"] == "gateway-1"
