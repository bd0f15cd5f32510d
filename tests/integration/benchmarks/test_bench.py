"""The benchmark runs on tiny sizes; aiobotocore is left out, because it is not installed here."""

import re
from pathlib import Path

import pytest

from benchmarks.authorizer import measure_authorizers
from benchmarks.fixtures import measure_push, stub
from benchmarks.posts import latency_floor
from benchmarks.push_client_process import recipients
from benchmarks.startup import measure_starts
from benchmarks.stub_ceiling import ceiling
from tests.support.commands import run_command


@pytest.mark.parametrize("name", ["ours", "boto3", "boto3 x 64"])
def test_each_client_reaches_each_recipient(name: str, tmp_path: Path) -> None:
    """A recipient that answers gets its post, a busy one too; the costs are measured."""
    with stub(tmp_path, latency=0.001) as served:
        cost = measure_push(name, served, rounds=1, fine=18, busy=2)

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
    assert latency_floor(name, count, 0.01) == pytest.approx(turns * 0.01)


def test_the_chat_starts() -> None:
    """The benchmark sets the environment variables that the entry point reads."""
    (found,) = measure_starts(rounds=1, names=["the chat"])

    assert found.resident_mb > 10


def test_each_authorizer_accepts_a_token() -> None:
    """Each authorizer accepts a token of the benchmark's issuer; fetching keys takes longer."""
    for found in measure_authorizers(rounds=1).values():
        assert min(*found.ready, *found.first, *found.warm) > 0
        assert found.slow >= found.warm[0]


def test_measures_a_message_in_the_emulator() -> None:
    """The quick form sends more messages than the limits allow, and none of them is rejected."""
    status, printed, errors = run_command("benchmarks", "--quick", "--only", "emulator")

    assert (status, errors) == (0, "")
    requests = "1 GetItem, 1 TransactWriteItems, 1 Query"
    assert [row.count(requests) for row in printed.splitlines() if "GetItem" in row] == [1, 1]
    assert "From send to receipt in the emulator, 20 clients in a room" in printed
    assert re.search(r"^\| 95 +\|", printed, re.MULTILINE), "5 messages for 19 others each"


def test_names_a_wrong_argument_in_one_line() -> None:
    """The program ends with a usage and the reason; it measures nothing."""
    status, printed, errors = run_command("benchmarks", "--only", "weather")

    assert (status, printed) == (2, "")
    assert errors.splitlines()[-1].startswith("make bench ARGS=...: error: argument --only:")
