"""JSON log lines on stderr, which Lambda sends to CloudWatch.

These lines report unusual events. `metrics.py` writes one line for every invocation.
"""

import json
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

Ids = Callable[[], Mapping[str, Any]]


class JsonFormatter(logging.Formatter):
    """Formatter of one JSON object a record; `extra={"fields": {...}}` and *ids* add keys."""

    def __init__(self, ids: Ids = dict) -> None:
        super().__init__()
        self._ids = ids

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
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
    """Send the records of the logger `chat` to stderr as JSON, with *ids* in each.

    The audit trail is written at every *level*.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(ids))
    logger = logging.getLogger("chat")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
    logging.getLogger("chat.audit").setLevel(logging.INFO)
