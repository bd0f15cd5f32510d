"""One `sendMessage`, in the function's own code: its requests to DynamoDB, its CPU, its memory.

A process of its own, whose environment is the deployed function's but for CALLBACK_URL: the posts
go to the stub. Argument: how many others are in the room. Prints JSON.
"""

import json
import sys
import time
from collections import Counter
from statistics import median
from typing import Any

from benchmarks.push_client_process import resident

ROUNDS = 60
WARM = 10


class Context:
    """Lambda's, with time enough."""

    def get_remaining_time_in_millis(self) -> int:
        """Until the function is ended."""
        return 25_000


def main() -> None:
    """Enter, say, measure."""
    others = int(sys.argv[1])
    room_id = f"bench-{others}"
    requests = Counter[str]()
    import chat.app

    rooms: Any = chat.app._services.rooms
    events = rooms._table.client.meta.events
    events.register("before-call.dynamodb", lambda model, **_: requests.update([model.name]))

    for number in range(others + 1):
        _enter(
            chat.app, f"fine{number:06d}A=", room_id, action="joinRoom" if number else "createRoom"
        )
    costs = []
    for _ in range(ROUNDS):
        requests.clear()
        cpu, wall = time.process_time(), time.perf_counter()
        _says(chat.app, "fine000000A=", action="sendMessage", roomId=room_id, text="x" * 200)
        costs.append((time.process_time() - cpu, time.perf_counter() - wall))
    cpu, wall = (median(each) for each in zip(*costs[WARM:], strict=True))
    told = {"requests": dict(requests), "cpu": cpu, "wall": wall, "resident_mb": resident()}
    print(json.dumps(told))


def _enter(app: Any, connection_id: str, room_id: str, *, action: str) -> None:
    who = {"name": connection_id[:10], "key": connection_id.ljust(32, "-").replace("=", "-")}
    app.handler(_event("CONNECT", connection_id, queryStringParameters=who), Context())
    _says(app, connection_id, action=action, roomId=room_id)


def _says(app: Any, connection_id: str, **frame: str) -> None:
    event = _event("MESSAGE", connection_id, body=json.dumps(frame))
    reply = json.loads(app.handler(event, Context())["body"])
    if reply["type"] == "error":
        raise RuntimeError(reply)


def _event(kind: str, connection_id: str, **fields: Any) -> dict[str, Any]:
    context = {"eventType": kind, "connectionId": connection_id}
    return {"requestContext": context, "isBase64Encoded": False, **fields}


if __name__ == "__main__":
    main()
