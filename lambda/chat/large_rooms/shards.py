"""Shards: the audience of a large room in pieces, each a message of the queue."""

from collections.abc import Iterator, Sequence

import msgspec

RECIPIENTS = 500
"""Of one shard, at most: about a tenth of a second's posts for the function that takes it."""

BATCH_MESSAGES = 10
BATCH_BYTES = 240_000
"""Of one SendMessageBatch: SQS has taken 256 KB for as long as it has had batches.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""


class Shard(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A frame, and some of those who have yet to hear it."""

    room_id: str
    frame: bytes
    """In the message as base64: SQS refuses or replaces characters that XML does not have."""
    connection_ids: tuple[str, ...]
    tries: int = 0
    """How often its recipients were tried before."""

    @property
    def delay(self) -> int:
        """Seconds that it waits in the queue: none at first, then twice as long each time."""
        return 2 ** (self.tries - 1) if self.tries else 0


def cut(
    room_id: str, connection_ids: Sequence[str], frame: bytes, *, tries: int = 0
) -> Iterator[Shard]:
    """Every id in one shard, in the order given, and no shard much smaller than another.

    A shard of a single recipient who hangs would look as if the gateway were out of reach.
    """
    count = -(-len(connection_ids) // RECIPIENTS)
    for n in range(count):
        start, end = (len(connection_ids) * edge // count for edge in (n, n + 1))
        ids = tuple(connection_ids[start:end])
        yield Shard(room_id=room_id, frame=frame, connection_ids=ids, tries=tries)


def batches(shards: Sequence[Shard]) -> Iterator[list[Shard]]:
    """The shards in order, as many at once as SQS takes; one too large for that stands alone."""
    batch: list[Shard] = []
    room = 0
    for shard in shards:
        size = len(msgspec.json.encode(shard))
        if batch and (size > room or len(batch) == BATCH_MESSAGES):
            yield batch
            batch = []
        room = (room if batch else BATCH_BYTES) - size
        batch.append(shard)
    if batch:
        yield batch
