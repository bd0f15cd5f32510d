"""Environment variables: each function has those that it reads, and no others."""

import ast
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from chat.config import Config
from chat.variable_parser import ConfigError
from chat_stack.functions.bundling import SOURCE
from chat_stack.settings.environment import chat_variables, delivery_variables, origin_variables
from chat_stack.settings.settings import Settings
from tests.infrastructure.environment_variables import BY_LAMBDA, READERS, read_by
from tests.infrastructure.synthesis import Synthesized

SETTINGS = Settings(stage_name="test")
CHAT_VARIABLES: Mapping[str, str] = {
    **chat_variables(SETTINGS),
    **origin_variables(SETTINGS),
    **BY_LAMBDA,
    **dict.fromkeys(("CALLBACK_URL", "CONNECTIONS_TABLE", "METRICS_NAMESPACE"), "x"),
    **dict.fromkeys(("QUEUE_URL", "ROOMS_TABLE"), "x"),
}


def variables(stack: Synthesized) -> Mapping[str, Mapping[str, Any]]:
    """Return the variables of each of the project's functions, by handler."""
    functions = [it["Properties"] for it in stack.resources("AWS::Lambda::Function").values()]
    return {
        it["Handler"]: it["Environment"]["Variables"]
        for it in functions
        if it["Handler"] in READERS
    }


def test_functions_read_exactly_what_the_stack_writes(
    all_stacks: Mapping[str, Synthesized], subtests: pytest.Subtests
) -> None:
    """In every stack, the variables of each function are those that its configuration reads."""
    seen = set[str]()
    for name, stack in all_stacks.items():
        for handler, written in variables(stack).items():
            with subtests.test(stack=name, handler=handler):
                seen.add(handler)
                assert read_by(handler, written) == set(written)
    assert seen == set(READERS)


@pytest.mark.parametrize("name", [*chat_variables(SETTINGS), *origin_variables(SETTINGS)])
def test_a_variable_is_named_after_its_setting(name: str) -> None:
    """`CONNECTION_MESSAGE_RATE` is the variable of `connectionMessageRate`."""
    assert name.lower() in {field.name for field in msgspec.structs.fields(Settings)}


def test_the_consumer_and_the_closer_have_what_they_need() -> None:
    """Functions that push and close have no variables for rooms, rate limits and tokens."""
    assert set(delivery_variables(SETTINGS)) == {"INLINE_LIMIT", "LOG_LEVEL", "PRESENCE"}


@pytest.mark.parametrize("name", sorted(CHAT_VARIABLES))
def test_a_missing_variable_is_named(name: str) -> None:
    """A function without a required variable does not start. The error names the variable."""
    without = {key: value for key, value in CHAT_VARIABLES.items() if key != name}

    with pytest.raises(ConfigError, match=rf"^{name}: the environment variable is missing$"):
        Config.from_env(without)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TEXT_LENGTH", "4 000", "a whole number, got '4 000'"),
        ("CONNECTION_MESSAGE_RATE", "fast", "a number, got 'fast'"),
        ("ORIGIN_REQUIRED", "yes", "true or false, got 'yes'"),
        ("ROOMS_TABLE", "", "a value, got ''"),
    ],
)
def test_a_malformed_variable_is_named(name: str, value: str, expected: str) -> None:
    """A function with a malformed value does not start. The error names the variable."""
    with pytest.raises(ConfigError) as caught:
        Config.from_env({**CHAT_VARIABLES, name: value})

    assert str(caught.value) == f"{name}: expected {expected}"


def test_a_rate_of_zero_is_no_limit() -> None:
    """Rates of the settings become rate limits, and 0 disables a limit."""
    config = Config.from_env({**CHAT_VARIABLES, "USER_JOINS_PER_MINUTE": "0"})

    message = config.rates.connection["messages"]
    assert (message.count, message.seconds, message.burst) == (5, 1, 20)
    assert (config.limits.messages_per_second, config.limits.message_burst) == (5, 20)
    assert (config.limits.reads_per_second, config.limits.read_burst) == (5, 120)
    assert "joins" in config.rates.connection
    assert "joins" not in config.rates.user


def test_a_client_is_not_sent_a_limit_that_does_not_exist() -> None:
    """If neither connections nor users have a limit of reads, `welcome.limits` has none."""
    unlimited = {"CONNECTION_READ_RATE": "0", "USER_READ_RATE": "0"}

    limits = Config.from_env({**CHAT_VARIABLES, **unlimited}).limits

    assert (limits.reads_per_second, limits.read_burst) == (None, None)


def test_only_the_configuration_reads_the_environment() -> None:
    """No other module of the package uses `os.environ` or `os.getenv`."""
    reading = {
        path.relative_to(SOURCE / "chat").as_posix()
        for path in (SOURCE / "chat").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"}
    }

    assert reading == {"config.py"}
