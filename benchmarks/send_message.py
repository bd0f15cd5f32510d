"""One `sendMessage` in the function's own code: its requests to DynamoDB, its CPU, its memory.

It is a process of its own. Its environment is that of the deployed function, except CALLBACK_URL:
the posts go to the stub. Its argument is the number of other users in the room. It prints JSON.
"""

import json
import sys
import time
from collections import Counter
from statistics import median
from typing import Any

from benchmarks.lambda_context import LambdaContext
from benchmarks.push_client_process import resident
from chat.runtime import aws_clients

ROUNDS = 60
WARM_FROM = 10
"""Round from which the times count."""


def main() -> None:
    """Join a room with some users, send messages, and print their cost."""
    others = int(sys.argv[1])
    room_id = f"bench-{others}"
    requests = _count_requests()
    import chat.app  # creates the clients of AWS, so their requests must be counted before

    for number in range(others + 1):
        action = "joinRoom" if number else "createRoom"
        _join(chat.app, f"fine{number:06d}A=", room_id, action=action)
    costs = []
    for _ in range(ROUNDS):
        requests.clear()
        cpu, wall = time.process_time(), time.perf_counter()
        _request(chat.app, "fine000000A=", action="sendMessage", roomId=room_id, text="x" * 200)
        costs.append((time.process_time() - cpu, time.perf_counter() - wall))
    cpu, wall = (median(each) for each in zip(*costs[WARM_FROM:], strict=True))
    result = {"requests": dict(requests), "cpu": cpu, "wall": wall, "resident_mb": resident()}
    print(json.dumps(result))


def _count_requests() -> Counter[str]:
    """Count the requests of the DynamoDB client that the chat will create, by operation."""
    requests = Counter[str]()
    create_client = aws_clients.dynamodb

    def create_counted(*args: Any, **options: Any) -> Any:
        client = create_client(*args, **options)
        client.meta.events.register(
            "before-call.dynamodb", lambda model, **_: requests.update([model.name])
        )
        return client

    aws_clients.dynamodb = create_counted
    return requests


def _join(app: Any, connection_id: str, room_id: str, *, action: str) -> None:
    """Connect a guest and let it create or join the room. Raises RuntimeError."""
    guest = {"name": connection_id[:10], "key": connection_id.ljust(32, "-").replace("=", "-")}
    event = _event("CONNECT", connection_id, queryStringParameters=guest)
    reply = app.handler(event, LambdaContext())
    if reply["statusCode"] != 200:
        raise RuntimeError(reply)
    _request(app, connection_id, action=action, roomId=room_id)


def _request(app: Any, connection_id: str, **frame: str) -> None:
    """Send a request. Raises RuntimeError if its reply is an error."""
    event = _event("MESSAGE", connection_id, body=json.dumps(frame))
    reply = json.loads(app.handler(event, LambdaContext())["body"])
    if reply["type"] == "error":
        raise RuntimeError(reply)


def _event(kind: str, connection_id: str, **fields: Any) -> dict[str, Any]:
    context = {"eventType": kind, "connectionId": connection_id}
    return {"requestContext": context, "isBase64Encoded": False, **fields}


if __name__ == "__main__":
    main()
