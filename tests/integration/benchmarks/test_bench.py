"""The benchmark runs, on tiny sizes; aiobotocore is not asked, which is not installed here."""

from pathlib import Path

import pytest

from benchmarks.authorizer import handshakes
from benchmarks.fixtures import compete, stub
from benchmarks.posts import floor
from benchmarks.push_client_process import recipients
from benchmarks.startup import starts
from benchmarks.stub_ceiling import ceiling


@pytest.mark.parametrize("name", ["ours", "boto3", "boto3 x 64"])
def test_everyone_is_served_by_every_contestant(name: str, tmp_path: Path) -> None:
    """Whoever answers is served, a busy one too; the costs are measured."""
    with stub(tmp_path, latency=0.001) as ground:
        cost = compete(name, ground, rounds=1, fine=18, busy=2)

    assert (cost.recipients, cost.served) == (20, 20)
    assert cost.cpu > 0
    assert cost.wall >= cost.served_in > 0


def test_the_stub_has_a_ceiling(tmp_path: Path) -> None:
    """Pipelined posts are all answered."""
    with stub(tmp_path, latency=0.0) as ground:
        assert ceiling(ground.url, str(ground.authority), posts=400) > 0


def test_faulty_recipients_are_spread() -> None:
    """They come evenly among the others, under ids that no other round has."""
    first, second = (recipients(number, fine=8, hang=2) for number in range(2))

    assert [id_[:4] for id_ in first].index("hang") == 2
    assert len(first) == 10
    assert not {*first} & {*second}


@pytest.mark.parametrize(
    ("name", "count", "turns"),
    [("ours", 10, 1), ("ours", 9_600, 100), ("boto3", 10, 10), ("boto3 x 64", 640, 10)],
)
def test_the_floor_is_what_latency_costs(name: str, count: int, turns: int) -> None:
    """Over so many connections, latency alone takes so many turns."""
    assert floor(name, count, 0.01) == pytest.approx(turns * 0.01)


def test_the_chat_starts() -> None:
    """What the benchmark puts into the environment is what the entry point wants."""
    (found,) = starts(rounds=1, names=["the chat"])

    assert found.resident_mb > 10


def test_the_door_opens() -> None:
    """Each authorizer lets in whom the bench's own issuer vouches for; a fetch is not warm."""
    for found in handshakes(rounds=1).values():
        assert min(*found.ready, *found.first, *found.warm) > 0
        assert found.slow >= found.warm[0]
