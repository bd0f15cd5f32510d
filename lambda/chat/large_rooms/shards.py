"""Shards: parts of a large room's subscribers, each a message of the queue."""

from collections.abc import Iterator, Sequence

import msgspec

MAX_RECIPIENTS = 500
"""Recipients of one shard: posts of about 0.1 s for the function that delivers it."""

MAX_BATCH_MESSAGES = 10
MAX_BATCH_BYTES = 240_000
"""Size of one SendMessageBatch. The oldest quota of SQS is 256 KB.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""


class Shard(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A frame, and some of the connections that have yet to receive it."""

    room_id: str
    frame: bytes
    """Base64 in the queue: SQS rejects or replaces characters that XML does not allow."""
    connection_ids: tuple[str, ...]
    tries: int = 0
    """Number of earlier attempts at its recipients."""

    @property
    def delay(self) -> int:
        """Seconds that it waits in the queue: 0 at first, then 1, 2, 4."""
        return 2 ** (self.tries - 1) if self.tries else 0


def cut(
    room_id: str, connection_ids: Sequence[str], frame: bytes, *, tries: int = 0
) -> Iterator[Shard]:
    """Yield shards of about equal size, with each id in one of them, in the given order.

    A shard of a single connection that hangs would look as if the gateway were out of reach.
    """
    count = -(-len(connection_ids) // MAX_RECIPIENTS)
    for n in range(count):
        start, end = (len(connection_ids) * edge // count for edge in (n, n + 1))
        ids = tuple(connection_ids[start:end])
        yield Shard(room_id=room_id, frame=frame, connection_ids=ids, tries=tries)


def batches(shards: Sequence[Shard]) -> Iterator[list[Shard]]:
    """Yield the shards in order, as many at once as SQS takes. One that is too large is alone."""
    batch: list[Shard] = []
    room = 0
    for shard in shards:
        size = len(msgspec.json.encode(shard))
        if batch and (size > room or len(batch) == MAX_BATCH_MESSAGES):
            yield batch
            batch = []
        room = (room if batch else MAX_BATCH_BYTES) - size
        batch.append(shard)
    if batch:
        yield batch
