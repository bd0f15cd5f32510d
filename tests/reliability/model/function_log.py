"""The errors in the function's log: calls to AWS may fail, the project's code may not."""

import json
from collections.abc import Iterator
from pathlib import Path

AWS = (
    "botocore.",
    "chat.runtime.deadlines.OutOfTimeError",
    "chat.gateway.post_with_retries.GatewayForbiddenError",
)
"""The exceptions that failed calls to AWS, or the end of the time for them, raise."""


def own_errors(log: Path) -> list[str]:
    """Return every trace in the log that AWS did not cause."""
    return [trace for trace in _traces(log) if not trace.splitlines()[-1].startswith(AWS)]


def _traces(log: Path) -> Iterator[str]:
    for line in log.read_text(errors="replace").splitlines():
        if "Traceback" in line:
            yield _exception(line)


def _exception(line: str) -> str:
    """Return the trace in a JSON line. A line that is not JSON is an uncaught exception."""
    try:
        return str(json.loads(line)["exception"])
    except (ValueError, KeyError):
        return line
