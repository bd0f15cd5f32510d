"""What the function wrote about its errors: AWS may fail, our code may not."""

import json
from collections.abc import Iterator
from pathlib import Path

AWS = ("botocore.", "chat.budget.OutOfTimeError", "chat.push.RefusedError")
"""What the last line of a trace begins with when AWS is to blame, or time."""


def own_errors(log: Path) -> list[str]:
    """Every trace in the log that AWS is not to blame for."""
    return [trace for trace in _traces(log) if not trace.splitlines()[-1].startswith(AWS)]


def _traces(log: Path) -> Iterator[str]:
    for line in log.read_text(errors="replace").splitlines():
        if "Traceback" in line:
            yield _exception(line)


def _exception(line: str) -> str:
    """The trace in a JSON line; a line that is not JSON is one that nobody caught."""
    try:
        return str(json.loads(line)["exception"])
    except (ValueError, KeyError):
        return line
