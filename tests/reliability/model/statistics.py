"""Counts of what the tests did, for the report."""

from collections import Counter
from collections.abc import Sequence

from tests.reliability.model.client_record import Record


class Statistics:
    """Sums over every history that was checked."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, records: Sequence[Record]) -> None:
        """Add the records of a schedule."""
        self.counts["schedules"] += 1
        for record in records:
            self.counts.update(record.counts)
            self.counts["acknowledged"] += sum(s.message is not None for s in record.sends)
            self.counts["displayed"] += sum(len(view.messages) for view in record.views)
            self.counts["restarted views"] += len(record.losses)


STATISTICS = Statistics()
