"""The benchmark runs on tiny sizes; aiobotocore is left out, because it is not installed here."""

from pathlib import Path

import pytest

from benchmarks.authorizer import handshakes
from benchmarks.fixtures import compete, stub
from benchmarks.posts import floor
from benchmarks.push_client_process import recipients
from benchmarks.startup import starts
from benchmarks.stub_ceiling import ceiling


@pytest.mark.parametrize("name", ["ours", "boto3", "boto3 x 64"])
def test_each_client_reaches_each_recipient(name: str, tmp_path: Path) -> None:
    """A recipient that answers gets its post, a busy one too; the costs are measured."""
    with stub(tmp_path, latency=0.001) as served:
        cost = compete(name, served, rounds=1, fine=18, busy=2)

    assert (cost.recipients, cost.served) == (20, 20)
    assert cost.cpu > 0
    assert cost.wall >= cost.served_in > 0


def test_the_stub_answers_pipelined_posts(tmp_path: Path) -> None:
    """All pipelined posts are answered."""
    with stub(tmp_path, latency=0.0) as served:
        assert ceiling(served.url, str(served.authority), posts=400) > 0


def test_faulty_recipients_are_spread() -> None:
    """Faulty recipients are spread evenly among the others, under ids of this round only."""
    first, second = (recipients(number, fine=8, hang=2) for number in range(2))

    assert [id_[:4] for id_ in first].index("hang") == 2
    assert len(first) == 10
    assert not {*first} & {*second}


@pytest.mark.parametrize(
    ("name", "count", "turns"),
    [("ours", 10, 1), ("ours", 9_600, 100), ("boto3", 10, 10), ("boto3 x 64", 640, 10)],
)
def test_the_floor_is_the_cost_of_latency(name: str, count: int, turns: int) -> None:
    """With a number of connections, latency alone takes a number of turns."""
    assert floor(name, count, 0.01) == pytest.approx(turns * 0.01)


def test_the_chat_starts() -> None:
    """The benchmark sets the environment variables that the entry point reads."""
    (found,) = starts(rounds=1, names=["the chat"])

    assert found.resident_mb > 10


def test_each_authorizer_accepts_a_token() -> None:
    """Each authorizer accepts a token of the benchmark's issuer; fetching keys takes longer."""
    for found in handshakes(rounds=1).values():
        assert min(*found.ready, *found.first, *found.warm) > 0
        assert found.slow >= found.warm[0]
