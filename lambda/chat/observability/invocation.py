"""Record of one invocation: what it did, counted while it runs."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from chat.domain.delivery import Delivery
from chat.ports import DeliveryServices, FanOutQueue, Push

AnyServices = TypeVar("AnyServices", bound=DeliveryServices)


@dataclass(slots=True)
class InvocationRecord:
    """Record of the request, its result and its cost; it never contains message text."""

    route: str | None = None
    connection_id: str | None = None
    room_id: str | None = None
    request_id: str | None = None
    """Request id of API Gateway, as in its access log."""
    invocation_id: str | None = None
    """Request id of Lambda, as in its START, END and REPORT lines."""
    code: str = "ok"
    error_id: str | None = None
    """Id that the client received with an `internal` error."""

    connects: int = 0
    disconnects: int = 0
    messages: int = 0
    queued: int = 0
    """Recipients that were sent to the fan-out queue."""
    requeued: int = 0
    """Recipients that were not reached and were queued again."""
    recipients: int = 0
    """Recipients of this invocation's posts: delivered, gone and failed."""
    delivered: int = 0
    gone: int = 0
    failed: int = 0
    closed: int = 0
    """Connections that were closed, for an expired token or a disconnected user."""
    fan_out_seconds: float = 0.0
    allowed: int = 0
    """Handshakes that the authorizer allowed."""
    denied: int = 0
    """Handshakes that the authorizer denied."""
    faults: int = 0
    """Handshakes that the authorizer could not decide because of an error."""


def instrument(services: AnyServices, record: InvocationRecord) -> AnyServices:
    """Return *services* whose posts are counted in *record*."""
    return replace(
        services,
        push=_CountedPush(services.push, record),
        fan_out_queue=_CountedQueue(services.fan_out_queue, record),
    )


@dataclass(frozen=True, slots=True)
class _CountedPush:
    """Push port that counts. If `send` raises, every recipient counts as failed."""

    push: Push
    record: InvocationRecord

    def send(self, connection_ids: Iterable[str], frame: bytes) -> Delivery:
        """Post one frame to many connections and count the outcome."""
        ids = tuple(connection_ids)
        delivery = Delivery(delivered=0, gone=(), failed=ids)
        began = time.perf_counter()
        try:
            delivery = self.push.send(ids, frame)
        finally:
            self.record.fan_out_seconds += time.perf_counter() - began
            self._count(delivery)
        return delivery

    def close(self, connection_ids: Iterable[str]) -> Delivery:
        """Close connections and count them."""
        delivery = self.push.close(connection_ids)
        self.record.closed += delivery.delivered
        return delivery

    def _count(self, delivery: Delivery) -> None:
        record, gone, failed = self.record, len(delivery.gone), len(delivery.failed)
        record.recipients += delivery.delivered + gone + failed
        record.delivered += delivery.delivered
        record.gone += gone
        record.failed += failed


@dataclass(frozen=True, slots=True)
class _CountedQueue:
    """Fan-out queue that counts. Recipients that it does not take are posted directly."""

    queue: FanOutQueue
    record: InvocationRecord

    def enqueue(
        self, room_id: str, connection_ids: Sequence[str], frame: bytes, *, tries: int = 0
    ) -> Sequence[str]:
        """Queue posts. Return the ids that were not queued."""
        left = self.queue.enqueue(room_id, connection_ids, frame, tries=tries)
        taken = len(connection_ids) - len(left)
        if tries:
            self.record.requeued += taken
        else:
            self.record.queued += taken
        return left
