"""The estimate: its arithmetic, its warnings, its one-line errors, and the document it is in."""

import re
from datetime import date

import pytest

from chat_stack.settings.load import read_settings
from chat_stack.settings.settings import Settings
from ops.cost.__main__ import main, read_load
from ops.cost.monthly_cost import DAYS, Month, width
from ops.cost.price_list import AS_OF, PRICES, QUOTAS
from ops.cost.quotas import uses
from ops.cost.workload import Day, Load
from tests.support.commands import run_command
from tools.common import ROOT, UserError

PAGE = (ROOT / "docs" / "cost.md").read_text()
COMMAND = re.compile(r"^```\n\$ make estimate (.*)\n((?:.|\n)*?)^```$", re.MULTILINE)


def month(*, settings: Settings | None = None, **load: int | float) -> Month:
    """A month of a hundred people in one room, or as told."""
    told = {"users": 100, "rooms": 1, "joined": 1, **load}
    return Month(Day(Load(**told), settings or Settings(stage_name="test")))  # type: ignore[arg-type]  # numbers


def units(of: Month, price: str) -> float:
    """How much of it is used in a month."""
    return sum(line.units for line in of.lines if line.price == price)


def test_counts_what_api_gateway_counts() -> None:
    """24 people who are there all day, each said hello and joined once: add it up by hand."""
    found = month(users=24, hours=24, peak=1, sessions=1, rate=1)

    day = found.day
    assert day.online == 24
    assert day.others == 23
    assert day.actions["sendMessage"] == 24 * 24
    posts = (24 * 24 + 2 * 24) * 23  # everything said, and everybody who comes and goes
    assert day.posts == posts
    pings, page = 24 * 24 * 15, 2  # a page of 40 KB is two messages
    requests_and_replies = 2 * 576 + 24 * (1 + page) + 2 * 24 + 2 * pings
    assert units(found, "messages") == pytest.approx((requests_and_replies + posts) * DAYS)
    assert units(found, "minutes") == pytest.approx(24 * 24 * 60 * DAYS)


def test_long_messages_count_by_32_kb() -> None:
    """A message of 33 KB is two for API Gateway, in and out and to everybody; and more to write."""
    short, long = month(text=100), month(text=33_000)

    sends = short.day.actions["sendMessage"]
    joins = 4 - 2  # frames of a page of 100 KB, and of one of 40 KB
    more = 2 * sends + short.day.heard + joins * short.day.actions["joinRoom"]
    assert long.messages - short.messages == pytest.approx(more)
    more = 2 * (33 - 1) * sends  # 33,350 bytes are 33 units, twice in a transaction
    assert long.writes - short.writes == pytest.approx(more)


def test_large_rooms_take_the_queue() -> None:
    """Above inlineLimit each message is cut into shards, which cost requests and invocations."""
    small = month(users=1_000, hours=8)
    large = month(users=1_500, hours=8)
    by_setting = month(
        users=1_000, hours=8, settings=Settings(stage_name="test", inline_limit=2_000)
    )

    assert (small.day.others, small.day.shards) == (999, 2)
    assert large.day.shards == 3
    assert by_setting.day.shards == 0
    assert units(small, "queue") - units(by_setting, "queue") == pytest.approx(
        3 * 2 * small.day.actions["sendMessage"] * DAYS
    )


def test_tokens_cost_an_invocation_each_connection() -> None:
    """The authorizer is asked once a handshake."""
    signed_in = read_settings("test", {"identity": {"type": "cognito"}})

    more = month(settings=signed_in).invocations - month().invocations

    assert more == 100 * 3


def test_processors_differ_in_price() -> None:
    """The setting says which price counts; reserved concurrency is a limit like the account's."""
    settings = read_settings("test", {"architecture": "x86_64", "reservedConcurrency": 7})
    other = month(settings=settings)

    assert units(other, "x86_64") == units(month(), "arm64") > 0
    assert other.dollars > month().dollars
    assert 7 in {use.limit for use in uses(other)}


def test_a_key_costs_by_the_month_and_by_who_uses_it() -> None:
    """A key of the operator's is a line of the bill, and its requests another; none without one."""
    settings = read_settings("test", {"encryptionKey": "own"})
    small, large = month(settings=settings), month(users=100_000, rate=600, settings=settings)

    assert units(month(), "key") == units(month(), "key requests") == 0
    assert units(small, "key") == units(large, "key") == 1
    periods = 365 / 12 * 24 * 12  # of five minutes
    assert units(small, "key requests") == pytest.approx(periods * (2 * 1 + 7))
    assert large.concurrent > 2
    assert units(large, "key requests") > units(small, "key requests")
    assert small.dollars - month().dollars == pytest.approx(1 + periods * 9 * 3 / 1e6)


def test_prices_fall_in_steps() -> None:
    """The second thousand million of messages is cheaper than the first."""
    assert PRICES["messages"].of(1e9) == pytest.approx(1_000)
    assert PRICES["messages"].of(3e9) == pytest.approx(1_000 + 2 * 800)


def test_every_price_and_quota_says_where_it_is_from() -> None:
    """Dated, and with a page of AWS beside it."""
    assert date.fromisoformat(AS_OF).year >= 2026
    prices = [it.source for it in PRICES.values()]
    for source in [*prices, *(it.source for it in QUOTAS.values())]:
        assert re.match(r"https://(aws|docs\.aws)\.amazon\.com/\S+$", source)


def test_warns_where_a_limit_is_passed_or_near() -> None:
    """Quiet for a small chat; by name, figures and cure for one that is too large."""
    quiet = [use.warning for use in uses(month())]
    loud = [use.warning for use in uses(month(users=100_000, rate=60)) if use.warning]

    assert set(quiet) == {None}
    assert any("posts and requests a second" in it and "passes 10,000" in it for it in loud)
    near = month(
        users=1_200, hours=8, rate=0, settings=Settings(stage_name="t", inline_limit=1_500)
    )
    (warning,) = [use.warning for use in uses(near) if use.warning]
    assert "comes near 1,500" in warning


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "USERS is missing: make estimate USERS=1000 "),
        ({"USERS": "many"}, "USERS=many: expected a number"),
        ({"USERS": "inf"}, "USERS=inf: expected a number"),
        ({"USERS": "0"}, "USERS=0: expected int >= 1"),
        ({"USERS": "1.5"}, "USERS=1.5: expected int, got float"),
        ({"USERS": "9", "HOURS": "30"}, "HOURS=30: expected float <= 24.0"),
        ({"USERS": "9", "HOURS": "20"}, "HOURS=20 PEAK=3: expected at most 24 when multiplied"),
        ({"USERS": "9", "ROOMS": "1", "JOINED": "2"}, "JOINED=2: expected at most ROOMS"),
    ],
)
def test_tells_off_in_one_line(given: dict[str, str], message: str) -> None:
    """What cannot be estimated is named, with what was expected."""
    with pytest.raises(UserError) as caught:
        read_load(given)

    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_wants_an_environment_that_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status says that there is no estimate."""
    status = main({"USERS": "1,000", "ENV": "nowhere"})

    assert status == 1
    assert capsys.readouterr().err == "ENV=nowhere: cdk.json has local, dev, staging, prod\n"


def test_posts_side_by_side_as_the_engine_does() -> None:
    """One connection for each of up to 16 recipients, and at most 96."""
    assert [width(n) for n in (0, 3, 16, 100, 400, 5_000)] == [1, 3, 16, 16, 50, 96]


def test_document_shows_what_the_command_prints() -> None:
    """docs/cost.md has the estimates for 1,000 and 100,000 daily users as they are today."""
    blocks = COMMAND.findall(PAGE)
    assert [arguments.split()[0] for arguments, _ in blocks] == ["USERS=1000", "USERS=100000"]

    for arguments, shown in blocks:
        given = dict(it.split("=") for it in arguments.split())
        assert run_command("ops.cost", **given) == (0, shown, "")


def test_document_has_every_price() -> None:
    """Each with its unit and source; and the date of them all."""
    assert AS_OF in PAGE
    for price in PRICES.values():
        assert f"| {price.unit} |" in PAGE
        assert price.source in PAGE
