"""The most that one hostile user can cost in a day."""

from msgspec.structs import replace

from chat_stack.settings.settings import Settings
from ops.cost.hostile import dollars_a_day, dollars_a_day_for_recipients
from ops.cost.worst_cases import KINDS

SETTINGS = Settings(stage_name="chat")


def test_a_hostile_user_costs_a_bounded_amount() -> None:
    """With the default limits, it is a few dozen dollars a day, events to 100 users included."""
    assert 0 < dollars_a_day(SETTINGS) < 30
    assert 0 < dollars_a_day_for_recipients(SETTINGS, 100) <= 10


def test_lower_limits_lower_the_cost() -> None:
    """Half of every limit is half of the cost."""
    half = replace(
        SETTINGS,
        user_message_rate=5,
        user_joins_per_minute=180,
        user_read_rate=5,
        user_request_rate=30,
        user_requests_per_day=25_000,
    )

    assert round(2 * dollars_a_day(half), 6) == round(dollars_a_day(SETTINGS), 6)


def test_without_a_limit_the_throttle_bounds_the_cost() -> None:
    """A rate of 0 is no limit, so a user may use the whole throttle of the stage."""
    unlimited = replace(SETTINGS, user_read_rate=0, user_requests_per_day=0)

    assert dollars_a_day(unlimited) > 100 * dollars_a_day(SETTINGS)


def test_without_a_limit_of_a_day_the_other_limits_bound_the_cost() -> None:
    """The cost is then a few hundred dollars a day."""
    sustained = replace(SETTINGS, user_requests_per_day=0)

    assert 100 < dollars_a_day(sustained) < 250


def test_events_cost_in_proportion_to_their_recipients() -> None:
    """Each connection that receives the events adds the same amount."""
    hundred = dollars_a_day_for_recipients(SETTINGS, 100)

    assert round(10 * hundred, 6) == round(dollars_a_day_for_recipients(SETTINGS, 1_000), 6)


def test_every_kind_has_an_action() -> None:
    """Each rate limit of a user has at least one action."""
    assert all(KINDS.values())
