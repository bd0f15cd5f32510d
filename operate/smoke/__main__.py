"""`make smoke`: says how the chat at URL is, or that of ENV, or the one on this machine."""

import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from local.children import Problem
from operate.deployment import find
from operate.smoke.line import Unwell
from operate.smoke.run import Run, Target


def main(given: Mapping[str, str] = os.environ) -> int:
    """Print how long each step took, or the one line of what is wrong; the exit status."""
    try:
        target = read_target(given)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2
    run = Run(target)
    try:
        run.run()
    except Unwell as error:
        print(f"{target.url}: {error}", file=sys.stderr)
        return 1
    for step, milliseconds in run.took.items():
        print(f"  {step:<20} {milliseconds:>8,.1f} ms")
    print(f"{target.url} is well.")
    return 0


def read_target(given: Mapping[str, str]) -> Target:
    """What URL, ENV, TOKEN and TOKEN2 say; raises Problem."""
    url = given.get("URL") or find(given.get("ENV")).outputs["WebSocketUrl"]
    address = urlsplit(url)
    if address.scheme not in {"ws", "wss"} or not address.hostname:
        raise Problem(f"URL={url}: expected one that begins with ws:// or wss://")
    patience = given.get("PATIENCE") or "10"
    if not patience.isdecimal() or not int(patience):
        raise Problem(f"PATIENCE={patience}: expected a number of seconds, from 1")
    tokens = tuple(given[name] for name in ("TOKEN", "TOKEN2") if given.get(name))
    return Target(url, tokens=tokens, patience=float(patience))


if __name__ == "__main__":
    sys.exit(main())
