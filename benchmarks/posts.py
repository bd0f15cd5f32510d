"""The contest: the same posts by our engine and by others, and our engine under faults."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from benchmarks.fixtures import Cost, Ground, compete
from benchmarks.push_clients import AIO_CONNECTIONS, CONTESTANTS, THREADS
from benchmarks.report import Row, mb, ms, table, times, us
from chat.gateway.fanout import MAX_CONNECTIONS, MIN_CONNECTIONS, POSTS_PER_CONNECTION

MOST_POSTS = {"boto3": 1_000, "aiobotocore": 10_000, "boto3 x 64": 10_000}
"""Beyond this a contestant is not asked: one after the other, 10,000 posts take two minutes."""

FEWER = {"boto3": 9, "boto3 x 64": 3, "aiobotocore": 3}
"""Rounds are divided by this, so that the slow ones do not take the whole time."""

HEAD = (
    "recipients",
    "contestant",
    "CPU / recipient",
    "wall",
    "floor",
    "wall / floor",
    "extra memory",
    "first: CPU / recipient",
    "first: wall",
)


@dataclass
class Contest:
    """What each contestant needed for each number of recipients."""

    ground: Ground
    costs: dict[tuple[str, int], Cost] = field(default_factory=dict)

    def run(self, sizes: Mapping[int, int], *, names: Iterable[str] = CONTESTANTS) -> None:
        """Let each contestant send to each size, in as many rounds as *sizes* says."""
        for size, rounds in sizes.items():
            for name in names:
                if size <= MOST_POSTS.get(name, size):
                    few = max(1, rounds // FEWER.get(name, 1))
                    self.costs[name, size] = compete(name, self.ground, rounds=few, fine=size)

    def table(self) -> str:
        """The whole contest."""
        title = f"Posts, {ms(self.ground.latency)} latency, TLS"
        return table(title, HEAD, [*self._rows()])

    def _rows(self) -> Iterator[Row]:
        for (name, size), cost in self.costs.items():
            least = floor(name, size, self.ground.latency)
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
        """CPU per recipient of the others, as multiples of ours."""
        rows = [
            (f"{size:,}", name, times(cost.cpu / self.costs["ours", size].cpu))
            for (name, size), cost in self.costs.items()
            if name != "ours"
        ]
        return table("CPU, as a multiple of ours", ("recipients", "contestant", "CPU"), rows)


def connections(name: str, recipients: int) -> int:
    """How many connections a contestant posts over."""
    ours = min(MAX_CONNECTIONS, max(MIN_CONNECTIONS, recipients // POSTS_PER_CONNECTION))
    pool = {"ours": ours, "boto3": 1, "boto3 x 64": THREADS, "aiobotocore": AIO_CONNECTIONS}
    return min(recipients, pool[name])


def floor(name: str, recipients: int, latency: float) -> float:
    """The seconds that latency alone costs: recipients / connections x latency."""
    return recipients / connections(name, recipients) * latency


def faults(ground: Ground, *, recipients: int, rounds: int) -> str:
    """Our engine with busy and with hanging recipients, against itself without."""
    share = {"none": {}, "5 % answer 429 once": {"busy": 20}, "1 % never answer": {"hang": 100}}
    costs = {
        name: compete("ours", ground, rounds=rounds, **_kinds(recipients, faulty))
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
    return table(f"Our engine under faults, {recipients:,} recipients", head, rows)


def _kinds(recipients: int, one_in: Mapping[str, int]) -> dict[str, int]:
    kinds = {kind: recipients // every for kind, every in one_in.items()}
    return {"fine": recipients - sum(kinds.values()), **kinds}
