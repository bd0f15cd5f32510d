"""Log lines as JSON objects on stderr, which Lambda sends to CloudWatch."""

import json
import logging
import sys


class JsonFormatter(logging.Formatter):
    """One record, one JSON object; `extra={"fields": {...}}` adds keys."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        line = {
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure(level: str) -> None:
    """Send the chat's records, and no one else's, to stderr as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger("chat")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
