"""`make conformance` checks which rules of docs/protocol.md the chat at URL keeps."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from websockets.exceptions import WebSocketException

from ops.smoke import read_target
from tests.conformance.endpoint import PEOPLE, Endpoint
from tests.conformance.report import Report
from tools.common import UserError

QUIET = ("-o", "addopts=--import-mode=importlib", "-p", "no:terminal", "-p", "no:cacheprovider")


def main(arguments: Sequence[str], given: Mapping[str, str] = os.environ) -> int:
    """Check each rule and print the result; return 0 if all are kept. *arguments* are pytest's."""
    try:
        endpoint = read_endpoint(given)
        check_connection(endpoint)
    except (UserError, BotoCoreError, ClientError) as problem:
        print(problem, file=sys.stderr)  # noqa: T201 - a command
        return 2
    report = Report(endpoint, say=lambda line: print(line, flush=True))  # noqa: T201 - a command
    suite = str(Path(__file__).parent)
    status = pytest.main([*QUIET, suite, *arguments], plugins=[report])
    count = report.count
    summary = ", ".join(f"{count[state]} {state}" for state in ("kept", "broken", "not asked"))
    print(f"\n{endpoint.url}: {summary}")  # noqa: T201 - a command
    return 0 if status == pytest.ExitCode.OK else int(status)


def check_connection(endpoint: Endpoint) -> None:
    """Raise UserError if alice cannot connect, because no rule can be checked then."""
    try:
        with endpoint.client(PEOPLE[0]):
            pass
    except (OSError, WebSocketException) as error:
        raise UserError(f"{endpoint.url}: no connection: {error}") from error


def read_endpoint(given: Mapping[str, str]) -> Endpoint:
    """Return the chat that the variables of the command name; raises UserError."""
    target = read_target(given)
    if len(target.tokens) == 1:
        raise UserError("TOKEN2 is missing: where people sign in, the rules need two of them")
    return Endpoint(target.url, tokens=target.tokens, origin=target.origin, timeout=target.timeout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
