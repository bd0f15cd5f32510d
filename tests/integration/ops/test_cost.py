"""`make estimate`: its arithmetic, warnings and one-line errors, and docs/cost.md."""

import re
from datetime import date

import pytest

from chat_stack.settings.load import read_settings
from chat_stack.settings.settings import Settings
from ops.cost.__main__ import main, read_load
from ops.cost.monthly_cost import DAYS_PER_MONTH, Month, parallel_posts
from ops.cost.price_list import AS_OF, PRICES, QUOTAS
from ops.cost.quotas import limit_uses
from ops.cost.workload import Day, Load
from tests.support.commands import run_command
from tools.common import ROOT, UserError

PAGE = (ROOT / "docs" / "cost.md").read_text()
COMMAND = re.compile(r"^```\n\$ make estimate (.*)\n((?:.|\n)*?)^```$", re.MULTILINE)


def month(*, settings: Settings | None = None, **load: int | float) -> Month:
    """Return a month of a hundred users in one room, or of other numbers."""
    given = {"users": 100, "rooms": 1, "joined": 1, **load}
    return Month(Day(Load(**given), settings or Settings(stage_name="test")))  # type: ignore[arg-type]  # numbers


def units(of: Month, price: str) -> float:
    """Return the units of a price that a month uses."""
    return sum(line.units for line in of.items if line.price == price)


def test_counts_what_api_gateway_counts() -> None:
    """The messages of 24 users who are online all day are those added up by hand."""
    found = month(users=24, hours=24, peak=1, sessions=1, rate=1)

    day = found.day
    assert day.online == 24
    assert day.others == 23
    assert day.actions["sendMessage"] == 24 * 24
    posts = (24 * 24 + 2 * 24) * 23  # all messages, joins and leaves
    assert day.posts == posts
    pings, page = 24 * 24 * 15, 2  # a page of 40 KB is two messages
    requests_and_replies = 2 * 576 + 24 * (1 + page) + 2 * 24 + 2 * pings
    assert units(found, "messages") == pytest.approx(
        (requests_and_replies + posts) * DAYS_PER_MONTH
    )
    assert units(found, "minutes") == pytest.approx(24 * 24 * 60 * DAYS_PER_MONTH)


def test_long_messages_count_by_32_kb() -> None:
    """A message of 33 KB counts as two for API Gateway in each direction, and writes more units."""
    short, long = month(text=100), month(text=33_000)

    sends = short.day.actions["sendMessage"]
    joins = 4 - 2  # frames of a page of 100 KB, and of one of 40 KB
    more = 2 * sends + short.day.message_posts + joins * short.day.actions["joinRoom"]
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
        3 * 2 * small.day.actions["sendMessage"] * DAYS_PER_MONTH
    )


def test_tokens_cost_an_invocation_each_connection() -> None:
    """Each handshake is one invocation of the authorizer."""
    signed_in = read_settings("test", {"identity": {"type": "cognito"}})

    more = month(settings=signed_in).invocations - month().invocations

    assert more == 100 * 3


def test_processors_differ_in_price() -> None:
    """The price is that of the set architecture; reserved concurrency is a limit of its own."""
    settings = read_settings("test", {"architecture": "x86_64", "reservedConcurrency": 7})
    other = month(settings=settings)

    assert units(other, "x86_64") == units(month(), "arm64") > 0
    assert other.dollars > month().dollars
    assert 7 in {use.limit for use in limit_uses(other)}


def test_a_key_costs_by_the_month_and_by_who_uses_it() -> None:
    """A customer-managed key costs a monthly fee and requests; without a key there is no line."""
    settings = read_settings("test", {"encryptionKey": "own"})
    small, large = month(settings=settings), month(users=100_000, rate=600, settings=settings)

    assert units(month(), "key") == units(month(), "key requests") == 0
    assert units(small, "key") == units(large, "key") == 1
    periods = 365 / 12 * 24 * 12  # of five minutes
    assert units(small, "key requests") == pytest.approx(periods * (2 * 1 + 7))
    assert large.concurrent_invocations > 2
    assert units(large, "key requests") > units(small, "key requests")
    assert small.dollars - month().dollars == pytest.approx(1 + periods * 9 * 3 / 1e6)


def test_prices_fall_in_steps() -> None:
    """The second thousand million messages are cheaper than the first."""
    assert PRICES["messages"].of(1e9) == pytest.approx(1_000)
    assert PRICES["messages"].of(3e9) == pytest.approx(1_000 + 2 * 800)


def test_every_price_and_quota_says_where_it_is_from() -> None:
    """Each has a date and a page of AWS as its source."""
    assert date.fromisoformat(AS_OF).year >= 2026
    prices = [it.source for it in PRICES.values()]
    for source in [*prices, *(it.source for it in QUOTAS.values())]:
        assert re.match(r"https://(aws|docs\.aws)\.amazon\.com/\S+$", source)


def test_warns_of_a_limit_that_is_near_or_exceeded() -> None:
    """A small chat has no warning; a large one has the limit, the figures and the remedy."""
    quiet = [use.warning for use in limit_uses(month())]
    loud = [use.warning for use in limit_uses(month(users=100_000, rate=60)) if use.warning]

    assert set(quiet) == {None}
    assert any(
        "posts and requests per second" in it and "above the limit of 10,000" in it for it in loud
    )
    near = month(
        users=1_200, hours=8, rate=0, settings=Settings(stage_name="t", inline_limit=1_500)
    )
    (warning,) = [use.warning for use in limit_uses(near) if use.warning]
    assert "near the limit of 1,500" in warning


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "USERS is missing: make estimate USERS=1000 "),
        ({"USERS": "many"}, "USERS=many: expected a number"),
        ({"USERS": "inf"}, "USERS=inf: expected a number"),
        ({"USERS": "0"}, "USERS=0: expected int >= 1"),
        ({"USERS": "1.5"}, "USERS=1.5: expected int, got float"),
        ({"USERS": "9", "HOURS": "30"}, "HOURS=30: expected float <= 24.0"),
        ({"USERS": "9", "HOURS": "20"}, "HOURS=20 PEAK=3: expected a product of at most 24"),
        ({"USERS": "9", "ROOMS": "1", "JOINED": "2"}, "JOINED=2: expected at most ROOMS"),
    ],
)
def test_names_a_wrong_value_in_one_line(given: dict[str, str], message: str) -> None:
    """The line names the wrong value and the expected one."""
    with pytest.raises(UserError) as caught:
        read_load(given)

    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_an_unknown_environment_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is not 0, and the line lists the environments."""
    status = main({"USERS": "1,000", "ENV": "nowhere"})

    assert status == 1
    expected = "ENV=nowhere: cdk.json has no such environment; it has local, dev, staging, prod\n"
    assert capsys.readouterr().err == expected


def test_counts_the_connections_of_the_pusher() -> None:
    """The estimate uses a connection for each of up to 16 recipients, and at most 96."""
    assert [parallel_posts(n) for n in (0, 3, 16, 100, 400, 5_000)] == [1, 3, 16, 16, 50, 96]


def test_document_shows_what_the_command_prints() -> None:
    """docs/cost.md has the current estimates for 1,000 and 100,000 daily users."""
    blocks = COMMAND.findall(PAGE)
    assert [arguments.split()[0] for arguments, _ in blocks] == ["USERS=1000", "USERS=100000"]

    for arguments, shown in blocks:
        given = dict(it.split("=") for it in arguments.split())
        assert run_command("ops.cost", **given) == (0, shown, "")


def test_document_has_every_price() -> None:
    """The document has each price with its unit and source, and the date of all prices."""
    assert AS_OF in PAGE
    for price in PRICES.values():
        assert f"| {price.unit} |" in PAGE
        assert price.source in PAGE
