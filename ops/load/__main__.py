"""`make load`: runs a plan under Locust, and says what it came to."""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from ops.cost.price_list import PRICES
from ops.deployment import find
from ops.load.chart import draw
from ops.load.plan import LOOPBACK, Plan, read_plan
from ops.load.report import Outcome, faults, lines
from ops.smoke import an_address
from tools.common import ROOT, UserError

FOLDER = ROOT / "build" / "load"
SPARE_FILES = 200
"""That a process has open besides its connections."""


def main(given: Mapping[str, str] = os.environ) -> int:
    """Run the load of *given*; 0 when all went well, 1 when not, 2 when it was asked wrongly."""
    try:
        plan = read_plan(_url(given), given)
        _allow_files(plan.clients)
    except (UserError, BotoCoreError, ClientError) as problem:
        print(problem, file=sys.stderr)
        return 2
    folder = Path(given.get("LOAD_FOLDER") or FOLDER)
    print("\n".join(described(plan)), flush=True)
    found = run(plan, folder)
    if found is None:
        print("Stopped before there were any figures.", file=sys.stderr)
        return 1
    print("\n".join(["", *lines(found)]))
    (folder / "load.svg").write_text(draw(found["by second"], title=_title(plan)))
    print(f"\nThe picture is {folder / 'load.svg'}; Locust's own report, report.html beside it.")
    wrong = list(faults(found))
    print("\n".join(wrong) or "All went well.", file=sys.stderr if wrong else sys.stdout)
    return 1 if wrong else 0


def run(plan: Plan, folder: Path) -> Outcome | None:
    """The figures, or None where it was interrupted before there were any."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    result = folder / "result.json"
    command = [
        *(sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("locustfile.py"))),
        *("--headless", "--host", plan.url, "-u", str(plan.clients), "-r", str(plan.arrivals)),
        *("--csv", str(folder / "locust")),
        *("--html", str(folder / "report.html"), "--only-summary", "--loglevel", "ERROR"),
        *("--exit-code-on-error", "0", "--stop-timeout", "0"),
    ]
    env = os.environ | {
        "LOAD_PLAN": msgspec.json.encode(plan).decode(),
        "LOAD_RESULT": str(result),
    }
    with (folder / "locust.log").open("w") as log:
        process = subprocess.Popen(  # noqa: S603 - Locust, of this environment
            command, cwd=ROOT, env=env, stdout=log, stderr=log
        )
        while True:
            try:
                process.wait()
                break
            except KeyboardInterrupt:  # Locust has heard of it too, and is finishing
                print("\nStopping ...", file=sys.stderr)
    if not result.exists():
        print((folder / "locust.log").read_text()[-2_000:], file=sys.stderr)
        return None
    found: Outcome = json.loads(result.read_text())
    return found


def described(plan: Plan) -> list[str]:
    """What is about to happen, and what it costs where it is not on this machine."""
    text = [
        f"{_title(plan)} for {plan.seconds:,} s, at {plan.url}:",
        f"{plan.messages:,} messages, {plan.posts:,.0f} receipts.",
    ]
    if urlsplit(plan.url).hostname not in LOOPBACK:
        dollars = PRICES["messages"].of(plan.posts + 2 * plan.messages)
        text.append(f"API Gateway alone bills {dollars:,.2f} $ for it; see `make estimate`.")
    return text


def _title(plan: Plan) -> str:
    return f"{plan.clients:,} clients, {plan.rooms:,} rooms, {plan.rate:g} messages a second"


def _url(given: Mapping[str, str]) -> str:
    url = given.get("URL")
    return an_address(url) if url else find(given.get("ENV")).outputs["WebSocketUrl"]


def _allow_files(clients: int) -> None:
    """Each connection is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = clients + SPARE_FILES
    if hard != resource.RLIM_INFINITY and needed > hard:
        raise UserError(f"CLIENTS={clients}: this machine lets a process open {hard} files")
    if soft != resource.RLIM_INFINITY and needed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


if __name__ == "__main__":
    sys.exit(main())
