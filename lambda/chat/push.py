"""@connections behind the Push port: one frame to many connections."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from chat import aws
from chat.ports import Delivery

POOL = 16
"""Posts at a time; more threads are no faster, as each post is mostly CPU."""

SECONDS = 5.0
"""For all posts of a frame; who is not reached by then catches up by seq."""

Outcome = Literal["delivered", "gone", "failed"]


class GatewayPush:
    """Posts through API Gateway's management API."""

    def __init__(self, callback_url: str) -> None:
        self._client = aws.gateway(callback_url, pool=POOL)
        self._threads = ThreadPoolExecutor(max_workers=POOL, thread_name_prefix="push")

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Post *frame* to each; raises `ClientError` on 403, which is a configuration error."""
        posts = {id_: self._threads.submit(self._post, id_, frame) for id_ in connection_ids}
        wait(posts.values(), timeout=SECONDS)
        outcomes = {id_: _outcome(post) for id_, post in posts.items()}
        return Delivery(
            delivered=sum(outcome == "delivered" for outcome in outcomes.values()),
            gone=tuple(id_ for id_, outcome in outcomes.items() if outcome == "gone"),
            failed=tuple(id_ for id_, outcome in outcomes.items() if outcome == "failed"),
        )

    def _post(self, connection_id: str, frame: bytes) -> Outcome:
        try:
            self._client.post_to_connection(ConnectionId=connection_id, Data=frame)
        except self._client.exceptions.GoneException:
            return "gone"
        except self._client.exceptions.ForbiddenException:
            raise
        except (BotoCoreError, ClientError):
            return "failed"
        return "delivered"


def _outcome(post: "Future[Outcome]") -> Outcome:
    """What became of a post; one that is not done is given up, or at least not waited for."""
    if post.done():
        return post.result()
    post.cancel()
    return "failed"
