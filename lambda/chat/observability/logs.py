"""Log lines as JSON objects on stderr, which Lambda sends to CloudWatch.

These are the unusual ones; `meter.py` writes the one line that every invocation has.
"""

import json
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

Ids = Callable[[], Mapping[str, Any]]


class JsonFormatter(logging.Formatter):
    """One record, one JSON object; `extra={"fields": {...}}` adds keys, and so does *ids*."""

    def __init__(self, ids: Ids = dict) -> None:
        super().__init__()
        self._ids = ids

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line = {
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            **self._ids(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure(level: str, ids: Ids = dict) -> None:
    """Send the chat's records, and no one else's, to stderr as JSON, with *ids* in each."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(ids))
    logger = logging.getLogger("chat")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
