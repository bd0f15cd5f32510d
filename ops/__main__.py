"""`python -m ops COMMAND`: bans, user data, restore and the canary's users."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from chat.protocol.text import hides_characters, is_unicode
from ops.bans import ban, unban
from ops.canary_users import make_users
from ops.deployment import Deployment, find
from ops.restore import restore
from ops.terminal import one_line, printable
from ops.user_data import Records
from tools.common import UserError, find_command, make_command


def main() -> int:
    """Run the command that the command line names. Return the exit status."""
    commands = {
        "ban-user": lambda: _for_user(ban),
        "unban-user": lambda: _for_user(unban),
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
        print(
            "\nStopped. Finished steps stay done; repeat the command to continue.", file=sys.stderr
        )
        return 130
    return 0


def _for_user(act: Callable[[str, Deployment], str]) -> None:
    """Do something for the user and print the result. The id may have hidden characters."""
    user_id, deployment = _user_id(), _deployment()
    try:
        print(one_line(act(user_id, deployment)))
    except UserError as problem:
        raise UserError(one_line(str(problem))) from None


def _export() -> None:
    """Print everything that the chat stores about USER, as JSON."""
    user_id = _user_id()
    found = _records().export(user_id)
    print(printable(json.dumps(found, indent=2, ensure_ascii=False)))


def _erase() -> None:
    """Erase USER. CONFIRM has to repeat the id, because erasing cannot be undone."""
    user_id = _user_id()
    variable = "USER_JSON" if os.environ.get("USER_JSON") else "USER"
    text = os.environ[variable]
    if os.environ.get("CONFIRM") != text:
        again = make_command("erase-user", **_environment(), **{variable: text}, CONFIRM=text)
        raise UserError(f"This cannot be undone. To continue: {again}")
    total = _records().erase(user_id, say=_print_now)
    print(one_line(f"The chat stores nothing about {user_id} now; {total} items were changed."))


def _restore() -> None:
    """Copy the rooms as they were at AT, and print the setting that uses the copy."""
    at = _parse_time(os.environ.get("AT", ""))
    deployment = _deployment()
    copy = restore(deployment.client("dynamodb"), deployment.rooms_table, at=at, say=_print_now)
    environment = deployment.stack.removeprefix("Chat-")
    print(f'To use it: "roomsTable": "{copy}" for {environment} in cdk.json, and cdk deploy.')


def _make_users() -> None:
    """Create the canary's users, with the password of the stack."""
    print(make_users(_deployment()))


def _parse_time(text: str) -> datetime | None:
    """Return the time of AT, or None if it is empty. Raises UserError."""
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


def _environment() -> Mapping[str, str]:
    """Return the variable ENV, if it is set."""
    return {"ENV": environment} if (environment := os.environ.get("ENV")) else {}


def _user_id() -> str:
    """Return the user id of USER_JSON, or of USER, which has no hidden characters.

    Raises UserError.
    """
    if text := os.environ.get("USER_JSON"):
        return _unescaped(text)
    user_id = _required("USER")
    if hides_characters(user_id) or not is_unicode(user_id):
        raise UserError("USER: control characters and outer blanks are not allowed in a user id")
    return user_id


def _unescaped(text: str) -> str:
    """Return the user id that a JSON string holds; raise UserError, without the text."""
    try:
        user_id = "" if hides_characters(text) else json.loads(text)
    except ValueError:
        user_id = ""
    if not isinstance(user_id, str) or not user_id or not is_unicode(user_id):
        raise UserError("USER_JSON: expected a JSON string, such as '\"a\\u001bb\"'")
    return user_id


def _required(variable: str) -> str:
    """Return a variable's value. Raises UserError if it is not set."""
    value = os.environ.get(variable, "")
    if not value:
        raise UserError(f"{variable} is missing: make {sys.argv[1]} {variable}=...")
    return value


def _print_now(line: str) -> None:
    """Print a line of a command that takes long."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
