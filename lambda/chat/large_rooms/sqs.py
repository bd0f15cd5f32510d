"""The fan-out queue on SQS: shards of large rooms, which the consumer pushes."""

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chat.large_rooms import shards
from chat.large_rooms.shards import Shard
from chat.runtime.deadlines import OutOfTimeError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

log = logging.getLogger(__name__)


class SqsFanOutQueue:
    """The FanOutQueue port. *connect* makes the client when a room is first large enough."""

    def __init__(self, connect: Callable[[], "SQSClient"], *, queue_url: str) -> None:
        self._connect = connect
        self._queue_url = queue_url
        self._client: SQSClient | None = None

    def enqueue(
        self, room_id: str, connection_ids: Sequence[str], frame: bytes, *, tries: int = 0
    ) -> Sequence[str]:
        """Queue posts; return the ids whose shards could not be queued."""
        cut = list(shards.cut(room_id, connection_ids, frame, tries=tries))
        return [
            id_
            for batch in shards.batches(cut)
            for shard in self._send(batch)
            for id_ in shard.connection_ids
        ]

    def _send(self, batch: Sequence[Shard]) -> Sequence[Shard]:
        """Send a batch; return the shards that the queue did not take."""
        self._client = self._client or self._connect()
        entries = [
            {
                "Id": str(n),
                "MessageBody": msgspec.json.encode(shard).decode(),
                "DelaySeconds": shard.delay,
            }
            for n, shard in enumerate(batch)
        ]
        try:
            sent = self._client.send_message_batch(
                QueueUrl=self._queue_url,
                Entries=entries,  # type: ignore[arg-type]  # plain dictionaries
            )
        except (ClientError, BotoCoreError, OutOfTimeError) as error:
            log.warning("shards were not queued", exc_info=error)
            return batch
        return [batch[int(entry["Id"])] for entry in sent.get("Failed", ())]
