"""`make export-user`, `make erase-user`: what an operator does to a chat."""

import json
import os
import sys

from botocore.exceptions import BotoCoreError, ClientError

from local.children import Problem
from operate.deployment import find
from operate.records import Records


def main() -> int:
    """Run the command that is named on the command line; the exit status."""
    commands = {"export-user": _export, "erase-user": _erase}
    try:
        commands[sys.argv[1]]()
    except Problem as problem:
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
        raise Problem(
            f"This cannot be undone. To go on: make erase-user USER={user_id} CONFIRM={user_id}"
        )
    total = _records().erase(user_id, say=lambda line: print(line, flush=True))
    print(f"The chat knows nothing of {user_id} any more; {total} items were changed.")


def _records() -> Records:
    deployment = find(os.environ.get("ENV"))
    return Records(
        deployment.client("dynamodb"), deployment.connections_table, deployment.rooms_table
    )


def _asked(variable: str) -> str:
    value = os.environ.get(variable, "")
    if not value:
        raise Problem(f"{variable} is missing: make {sys.argv[1]} {variable}=...")
    return value


if __name__ == "__main__":
    sys.exit(main())
