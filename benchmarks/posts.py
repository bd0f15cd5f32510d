"""Comparison of push clients: the same posts by ours and by others, and ours under faults."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from benchmarks.fixtures import PushCost, RunningStub, measure_push
from benchmarks.push_clients import AIO_CONNECTIONS, PUSH_CLIENTS, THREADS
from benchmarks.report import Row, mb, ms, table, times, us
from chat.gateway.post_with_retries import MAX_CONNECTIONS, MIN_CONNECTIONS, POSTS_PER_CONNECTION

MAX_RECIPIENTS = {"boto3": 1_000, "aiobotocore": 10_000, "boto3 x 64": 10_000}
"""Most recipients by push client. One after the other, 10,000 posts would take two minutes."""

ROUND_DIVISORS = {"boto3": 9, "boto3 x 64": 3, "aiobotocore": 3}
"""Divisors of the number of rounds, because the slow clients would take too long."""

HEAD = (
    "recipients",
    "push client",
    "CPU / recipient",
    "wall",
    "floor",
    "wall / floor",
    "extra memory",
    "first: CPU / recipient",
    "first: wall",
)


@dataclass
class PushComparison:
    """Cost of each push client for each number of recipients."""

    stub: RunningStub
    costs: dict[tuple[str, int], PushCost] = field(default_factory=dict)

    def run(self, sizes: Mapping[int, int], *, names: Iterable[str] = PUSH_CLIENTS) -> None:
        """Measure each client with each number of recipients, in the rounds that *sizes* gives."""
        for size, rounds in sizes.items():
            for name in names:
                if size <= MAX_RECIPIENTS.get(name, size):
                    few = max(1, rounds // ROUND_DIVISORS.get(name, 1))
                    self.costs[name, size] = measure_push(name, self.stub, rounds=few, fine=size)

    def table(self) -> str:
        """Return the table of all costs."""
        title = f"Posts, {ms(self.stub.latency)} latency, TLS"
        return table(title, HEAD, [*self._rows()])

    def _rows(self) -> Iterator[Row]:
        for (name, size), cost in self.costs.items():
            least = latency_floor(name, size, self.stub.latency)
            yield (
                f"{size:,}",
                name,
                us(cost.cpu / size),
                ms(cost.wall),
                ms(least) if least else "-",
                times(cost.wall / least) if least else "-",
                mb(cost.extra_mb),
                us(cost.first_cpu / size),
                ms(cost.first_wall),
            )

    def ratios(self) -> str:
        """Return the table of CPU per recipient of the other clients, as multiples of ours."""
        rows = [
            (f"{size:,}", name, times(cost.cpu / self.costs["ours", size].cpu))
            for (name, size), cost in self.costs.items()
            if name != "ours"
        ]
        return table("CPU, as a multiple of ours", ("recipients", "push client", "CPU"), rows)


def connections(name: str, recipients: int) -> int:
    """Return the number of connections that a push client uses."""
    ours = min(MAX_CONNECTIONS, max(MIN_CONNECTIONS, recipients // POSTS_PER_CONNECTION))
    pool = {"ours": ours, "boto3": 1, "boto3 x 64": THREADS, "aiobotocore": AIO_CONNECTIONS}
    return min(recipients, pool[name])


def latency_floor(name: str, recipients: int, latency: float) -> float:
    """Return the seconds that latency alone takes: recipients / connections x latency."""
    return recipients / connections(name, recipients) * latency


def faults_table(stub: RunningStub, *, recipients: int, rounds: int) -> str:
    """Return the table of our push client with busy recipients, and with hanging ones."""
    share = {"none": {}, "5 % answer 429 once": {"busy": 20}, "1 % never answer": {"hang": 100}}
    costs = {
        name: measure_push("ours", stub, rounds=rounds, **_kinds(recipients, faulty))
        for name, faulty in share.items()
    }
    plain = costs["none"]
    rows = [
        (
            name,
            f"{cost.served:,}",
            ms(cost.served_in),
            times(cost.served_in / plain.served_in),
            us(cost.cpu / recipients),
            ms(cost.wall),
        )
        for name, cost in costs.items()
    ]
    head = ("faults", "served", "all served in", "/ without", "CPU / recipient", "call returns in")
    return table(f"Our push client under faults, {recipients:,} recipients", head, rows)


def _kinds(recipients: int, one_in: Mapping[str, int]) -> dict[str, int]:
    kinds = {kind: recipients // every for kind, every in one_in.items()}
    return {"fine": recipients - sum(kinds.values()), **kinds}
