"""`make smoke`: runs the smoke test against the chat at URL, of ENV, or on this machine."""

import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from ops.canary_users import tokens_for
from ops.deployment import find
from smoke.scenario import Scenario
from smoke.target import Target
from smoke.websocket_client import SmokeError
from tools.common import UserError


def main(variables: Mapping[str, str] = os.environ) -> int:
    """Print the milliseconds of each step, or why the test failed. Return the exit status."""
    try:
        target = read_target(variables)
    except (UserError, BotoCoreError, ClientError) as problem:
        print(problem, file=sys.stderr)
        return 2
    scenario = Scenario(target)
    try:
        scenario.run()
    except SmokeError as error:
        print(f"{target.url} failed the smoke test: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The test's room is deleted.", file=sys.stderr)
        return 130
    for step, milliseconds in scenario.took.items():
        print(f"  {step:<20} {milliseconds:>8,.1f} ms")
    print(f"{target.url} passed the smoke test.")
    return 0


def read_target(variables: Mapping[str, str]) -> Target:
    """Return the chat that URL or ENV, TOKEN, TOKEN2, ORIGIN and TIMEOUT_SECONDS describe.

    Raises UserError.
    """
    seconds = variables.get("TIMEOUT_SECONDS") or "10"
    if not seconds.isdecimal() or not int(seconds):
        raise UserError(f"TIMEOUT_SECONDS={seconds}: expected a number of seconds, from 1")
    tokens = tuple(variables[name] for name in ("TOKEN", "TOKEN2") if variables.get(name))
    url = variables.get("URL")
    if not url:
        deployment = find(variables.get("ENV"))
        url, tokens = deployment.outputs["WebSocketUrl"], tokens or tokens_for(deployment)
    origin = variables.get("ORIGIN") or None
    return Target(web_socket_url(url), tokens=tokens, origin=origin, timeout=float(seconds))


def web_socket_url(url: str) -> str:
    """Return *url*. Raises UserError if it is not the URL of a WebSocket."""
    try:
        address = urlsplit(url)
        is_valid = address.scheme in {"ws", "wss"} and address.hostname and address.port != 0
    except ValueError:
        is_valid = False
    if not is_valid:
        raise UserError(f"URL={url}: expected one that begins with ws:// or wss://")
    return url


if __name__ == "__main__":
    sys.exit(main())
