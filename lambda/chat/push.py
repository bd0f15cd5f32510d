"""@connections behind the Push port: one frame to many connections."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from chat import aws
from chat.ports import Delivery

POOL = 16
"""Posts at a time; more threads are no faster, as each post is mostly CPU."""

Outcome = Literal["delivered", "gone", "failed"]


class GatewayPush:
    """Posts through API Gateway's management API."""

    def __init__(self, callback_url: str) -> None:
        self._client = aws.gateway(callback_url, pool=POOL)
        self._threads = ThreadPoolExecutor(max_workers=POOL, thread_name_prefix="push")

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Post *frame* to each; raises `ClientError` on 403, which is a configuration error."""
        ids = tuple(connection_ids)
        outcomes = tuple(self._threads.map(lambda id_: self._post(id_, frame), ids))
        return Delivery(
            delivered=outcomes.count("delivered"),
            gone=_with("gone", ids, outcomes),
            failed=_with("failed", ids, outcomes),
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


def _with(wanted: Outcome, ids: tuple[str, ...], outcomes: tuple[Outcome, ...]) -> tuple[str, ...]:
    return tuple(id_ for id_, outcome in zip(ids, outcomes, strict=True) if outcome == wanted)
