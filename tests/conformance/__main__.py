"""`make conformance`: which rules of docs/protocol.md the chat at URL keeps."""

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
    """Try each rule and say what came of it; 0 if none is broken. *arguments* are pytest's."""
    try:
        endpoint = read_endpoint(given)
        knock(endpoint)
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


def knock(endpoint: Endpoint) -> None:
    """Raise UserError where alice does not even get in: then there is nothing to try."""
    try:
        with endpoint.client(PEOPLE[0]):
            pass
    except (OSError, WebSocketException) as error:
        raise UserError(f"{endpoint.url}: no connection: {error}") from error


def read_endpoint(given: Mapping[str, str]) -> Endpoint:
    """What URL or ENV, TOKEN and TOKEN2, ORIGIN and PATIENCE say; raises UserError."""
    target = read_target(given)
    if len(target.tokens) == 1:
        raise UserError("TOKEN2 is missing: where people sign in, the rules need two of them")
    return Endpoint(
        target.url, tokens=target.tokens, origin=target.origin, patience=target.patience
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
