"""`make load`: runs a load test under Locust and prints its report."""

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
from ops.load.report import Outcome, failures, report_lines
from ops.smoke import web_socket_url
from tools.common import ROOT, UserError

FOLDER = ROOT / "build" / "load"
OTHER_FILES = 200
"""Number of files that the process has open besides its connections."""


def main(variables: Mapping[str, str] = os.environ) -> int:
    """Run the load test that the variables describe, and print its report.

    Returns the exit status: 0 without a failure, 1 with failures, 2 for invalid variables.
    """
    try:
        plan = read_plan(_url(variables), variables)
        _allow_open_files(plan.clients)
    except (UserError, BotoCoreError, ClientError) as problem:
        print(problem, file=sys.stderr)
        return 2
    folder = Path(variables.get("LOAD_FOLDER") or FOLDER)
    print("\n".join(announcement(plan)), flush=True)
    found = run(plan, folder)
    if found is None:
        print("Stopped before anything was measured.", file=sys.stderr)
        return 1
    print("\n".join(["", *report_lines(found)]))
    (folder / "load.svg").write_text(draw(found["by_second"], title=_title(plan)))
    print(f"\nThe chart is {folder / 'load.svg'}. Locust's own report is report.html beside it.")
    lines = list(failures(found))
    print("\n".join(lines) or "No failures.", file=sys.stderr if lines else sys.stdout)
    return 1 if lines else 0


def run(plan: Plan, folder: Path) -> Outcome | None:
    """Run the plan under Locust. Return its figures, or None if it ended before there were any."""
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
    _run_locust(command, env, log=folder / "locust.log")
    if not result.exists():
        print((folder / "locust.log").read_text()[-2_000:], file=sys.stderr)
        return None
    found: Outcome = json.loads(result.read_text())
    return found


def _run_locust(command: list[str], env: Mapping[str, str], *, log: Path) -> None:
    """Run Locust to its end. On Ctrl-C, it also receives the signal, so wait until it has ended."""
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - Locust, of this environment
            command, cwd=ROOT, env=env, stdout=output, stderr=output
        )
        while True:
            try:
                process.wait()
                break
            except KeyboardInterrupt:
                print("\nStopping ...", file=sys.stderr)


def announcement(plan: Plan) -> list[str]:
    """Return the lines that describe a plan, with its cost unless it is for this machine."""
    text = [
        f"{_title(plan)} for {plan.seconds:,} s, at {plan.url}:",
        f"{plan.messages:,} messages, {plan.posts:,.0f} receipts.",
    ]
    if urlsplit(plan.url).hostname not in LOOPBACK:
        dollars = PRICES["messages"].of(plan.posts + 2 * plan.messages)
        text.append(f"API Gateway alone bills {dollars:,.2f} $ for it; see `make estimate`.")
    return text


def _title(plan: Plan) -> str:
    return f"{plan.clients:,} clients, {plan.rooms:,} rooms, {plan.rate:g} messages per second"


def _url(variables: Mapping[str, str]) -> str:
    url = variables.get("URL")
    return web_socket_url(url) if url else find(variables.get("ENV")).outputs["WebSocketUrl"]


def _allow_open_files(clients: int) -> None:
    """Raise the limit of open files, because each connection is a file. Raises UserError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = clients + OTHER_FILES
    if hard != resource.RLIM_INFINITY and needed > hard:
        raise UserError(f"CLIENTS={clients}: this machine lets a process open {hard} files")
    if soft != resource.RLIM_INFINITY and needed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


if __name__ == "__main__":
    sys.exit(main())
