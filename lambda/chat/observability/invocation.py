"""What one invocation did, counted while it runs; each invocation has a tally of its own."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chat.domain.delivery import Delivery
from chat.ports import FanOutQueue, Push, Services


@dataclass(slots=True)
class InvocationRecord:
    """Who asked for what, what came of it, and what it cost; never what people wrote."""

    route: str | None = None
    connection_id: str | None = None
    room_id: str | None = None
    request_id: str | None = None
    """API Gateway's, which is in its access log too."""
    invocation_id: str | None = None
    """Lambda's, which is in START, END and REPORT."""
    code: str = "ok"
    error_id: str | None = None
    """What a client was told of an `internal` error."""

    connects: int = 0
    disconnects: int = 0
    messages: int = 0
    queued: int = 0
    """Recipients that were left to the consumer."""
    requeued: int = 0
    """Recipients that were not reached, and will be tried again."""
    recipients: int = 0
    """Of posts made here: delivered, gone and failed."""
    delivered: int = 0
    gone: int = 0
    failed: int = 0
    closed: int = 0
    """Connections that were ended: their rights had, or their user was cut off."""
    fanout_seconds: float = 0.0
    admitted: int = 0
    refused: int = 0
    faults: int = 0
    """Handshakes that the authorizer could not decide."""


def counted(services: Services, tally: InvocationRecord) -> Services:
    """*services* for one invocation, whose posts *tally* counts."""
    return replace(
        services,
        push=_CountedPush(services.push, tally),
        fan_out_queue=_CountedQueue(services.fan_out_queue, tally),
    )


@dataclass(frozen=True, slots=True)
class _CountedPush:
    """The Push port; a frame that could not be posted at all has failed for everyone."""

    push: Push
    tally: InvocationRecord

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Post one frame to many connections."""
        ids = tuple(connection_ids)
        delivery = Delivery(delivered=0, gone=(), failed=ids)
        began = time.perf_counter()
        try:
            delivery = self.push.send(ids, frame)
        finally:
            self.tally.fanout_seconds += time.perf_counter() - began
            self._count(delivery)
        return delivery

    def close(self, connection_ids: Iterable[str]) -> Delivery:
        """End connections."""
        delivery = self.push.close(connection_ids)
        self.tally.closed += delivery.delivered
        return delivery

    def _count(self, delivery: Delivery) -> None:
        tally, gone, failed = self.tally, len(delivery.gone), len(delivery.failed)
        tally.recipients += delivery.delivered + gone + failed
        tally.delivered += delivery.delivered
        tally.gone += gone
        tally.failed += failed


@dataclass(frozen=True, slots=True)
class _CountedQueue:
    """The FanOutQueue port. Posts that it does not take are made, and counted, after all."""

    queue: FanOutQueue
    tally: InvocationRecord

    def enqueue(
        self, room_id: str, connection_ids: Sequence[str], frame: bytes, *, tries: int = 0
    ) -> Sequence[str]:
        """Queue posts; return the ids not queued."""
        left = self.queue.enqueue(room_id, connection_ids, frame, tries=tries)
        taken = len(connection_ids) - len(left)
        if tries:
            self.tally.requeued += taken
        else:
            self.tally.queued += taken
        return left
