"""`make ban-user` and `make unban-user`: who may not connect to the chat any more."""

import json
import sys
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from local.children import Problem
from operate.bans import Bans
from operate.deployments import Deployment, on_aws, on_this_machine


def main(arguments: Sequence[str]) -> int:
    """`ban` or `unban`, a user id, and an environment if it is on AWS; the exit status."""
    verb, user_id, environment = (*arguments, "", "", "")[:3]
    try:
        if verb not in ("ban", "unban") or not user_id:
            raise Problem(
                f"Say who: make {verb}-user USER=id, and where unless it is here: ENV=dev"
            )
        chat = on_aws(environment) if environment else on_this_machine()
        print(ban(user_id, chat) if verb == "ban" else unban(user_id, chat))
    except (BotoCoreError, ClientError, Problem) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def ban(user_id: str, chat: Deployment) -> str:
    """Ban a user, then close what they have open: so nothing is opened in between; what was done.

    Raises `Problem` when connections could not be closed; to do it again harms nothing.
    """
    _bans(chat).ban(user_id)
    answer = chat.connect("lambda").invoke(
        FunctionName=chat.outputs["CloserName"], Payload=json.dumps({"userId": user_id})
    )
    result = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise Problem(f"{user_id} is banned; closing their connections failed, repeat it: {result}")
    if result["failed"]:
        raise Problem(
            f"{user_id} is banned; {result['failed']} connections could not be closed. They neither"
            " speak nor hear any more, and end within two hours"
        )
    return f"{user_id} is banned from {chat.stack}; connections closed: {result['found']}"


def unban(user_id: str, chat: Deployment) -> str:
    """Let a user connect again; what was done."""
    _bans(chat).lift(user_id)
    return f"{user_id} may connect to {chat.stack} again"


def _bans(chat: Deployment) -> Bans:
    return Bans(chat.connect("dynamodb"), table=chat.outputs["RoomsTable"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
