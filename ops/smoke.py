"""`make smoke`: says how the chat at URL is, or that of ENV, or the one on this machine."""

import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from ops.deployment import find
from ops.test_users import tokens_for
from smoke.scenario import Run
from smoke.target import Target
from smoke.websocket_client import Unwell
from tools.common import UserError


def main(given: Mapping[str, str] = os.environ) -> int:
    """Print how long each step took, or the one line of what is wrong; the exit status."""
    try:
        target = read_target(given)
    except (UserError, BotoCoreError, ClientError) as problem:
        print(problem, file=sys.stderr)
        return 2
    run = Run(target)
    try:
        run.run()
    except Unwell as error:
        print(f"{target.url} is not well: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; nothing is left of it.", file=sys.stderr)
        return 130
    for step, milliseconds in run.took.items():
        print(f"  {step:<20} {milliseconds:>8,.1f} ms")
    print(f"{target.url} is well.")
    return 0


def read_target(given: Mapping[str, str]) -> Target:
    """What URL or ENV, TOKEN and TOKEN2, ORIGIN and PATIENCE say; raises UserError."""
    patience = given.get("PATIENCE") or "10"
    if not patience.isdecimal() or not int(patience):
        raise UserError(f"PATIENCE={patience}: expected a number of seconds, from 1")
    tokens = tuple(given[name] for name in ("TOKEN", "TOKEN2") if given.get(name))
    url = given.get("URL")
    if not url:
        deployment = find(given.get("ENV"))
        url, tokens = deployment.outputs["WebSocketUrl"], tokens or tokens_for(deployment)
    origin = given.get("ORIGIN") or None
    return Target(an_address(url), tokens=tokens, origin=origin, patience=float(patience))


def an_address(url: str) -> str:
    """*url*, if it is one of WebSockets; raises UserError."""
    try:
        address = urlsplit(url)
        is_one = address.scheme in {"ws", "wss"} and address.hostname and address.port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise UserError(f"URL={url}: expected one that begins with ws:// or wss://")
    return url


if __name__ == "__main__":
    sys.exit(main())
