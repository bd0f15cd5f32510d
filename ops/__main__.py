"""What an operator does to a chat: `make ban-user`, `export-user`, `erase-user`, `restore`..."""

import json
import os
import sys
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from ops.bans import ban, unban
from ops.deployment import Deployment, find
from ops.restore import restore
from ops.test_users import make_users
from ops.user_data import Records
from tools.common import UserError, find_command


def main() -> int:
    """Run the command that is named on the command line; the exit status."""
    commands = {
        "ban-user": lambda: print(ban(_asked("USER"), _deployment())),
        "unban-user": lambda: print(unban(_asked("USER"), _deployment())),
        "export-user": _export,
        "erase-user": _erase,
        "restore": _restore,
        "canary-users": _make_users,
    }
    try:
        find_command(commands, sys.argv[1:])()
    except UserError as problem:
        print(problem, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was done stays done; the same command goes on.", file=sys.stderr)
        return 130
    return 0


def _export() -> None:
    """All that the chat has about USER, as JSON."""
    user_id = _asked("USER")
    found = _records().export(user_id)
    print(json.dumps(found, indent=2, ensure_ascii=False))


def _erase() -> None:
    """Forget USER, who has to be named twice: it cannot be undone."""
    user_id = _asked("USER")
    if os.environ.get("CONFIRM") != user_id:
        raise UserError(
            f"This cannot be undone. To go on: make erase-user USER={user_id} CONFIRM={user_id}"
        )
    total = _records().erase(user_id, say=lambda line: print(line, flush=True))
    print(f"The chat knows nothing of {user_id} any more; {total} items were changed.")


def _restore() -> None:
    """Bring back the rooms as they were at AT, in a table of their own."""
    at = _moment(os.environ.get("AT", ""))
    deployment = _deployment()
    copy = restore(
        deployment.client("dynamodb"),
        deployment.rooms_table,
        at=at,
        say=lambda line: print(line, flush=True),
    )
    environment = deployment.stack.removeprefix("Chat-")
    print(f'To work with it: "roomsTable": "{copy}" for {environment} in cdk.json, and cdk deploy.')


def _make_users() -> None:
    """Let the canary sign in, with the password that its stack has made."""
    print(make_users(_deployment()))


def _moment(text: str) -> datetime | None:
    """The moment of AT; None for the latest there is."""
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        at = datetime.min
    if at and not at.tzinfo:
        raise UserError(f"AT={text}: expected a time with its zone, like 2026-11-23T09:30:00Z")
    return at


def _records() -> Records:
    deployment = _deployment()
    return Records(
        deployment.client("dynamodb"), deployment.connections_table, deployment.rooms_table
    )


def _deployment() -> Deployment:
    return find(os.environ.get("ENV"))


def _asked(variable: str) -> str:
    value = os.environ.get(variable, "")
    if not value:
        raise UserError(f"{variable} is missing: make {sys.argv[1]} {variable}=...")
    return value


if __name__ == "__main__":
    sys.exit(main())
