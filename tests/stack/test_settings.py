"""Settings: what cdk.json may say, and how it is told off."""

import json
import os
import subprocess
import sys
from typing import Any, get_args

import pytest

from chat_stack.errors import Problem
from chat_stack.identity import Guest
from chat_stack.retention import log_retention
from chat_stack.settings import LogRetentionDays, Settings, read_environments, read_settings
from tests.stack.conftest import CONTEXT, ENVIRONMENTS, PROJECT

BAD: list[tuple[str, Any, str]] = [
    ("textLength", "4000", "expected int, got str"),
    ("textLength", True, "expected int, got bool"),
    ("textLength", 4000.5, "expected int, got float"),
    ("textLength", 0, "expected int >= 1"),
    ("textLength", 30_001, "expected int <= 30000"),
    ("historyPage", 1_001, "expected int <= 1000"),
    ("timeoutSeconds", 29, "expected int <= 28"),
    ("deletionProtection", "yes", "expected bool, got str"),
    ("removalPolicy", "keep", "expected one of retain, destroy"),
    ("logLevel", 10, "expected one of DEBUG, INFO, WARNING, ERROR"),
    (
        "logRetentionDays",
        8,
        "expected one of 1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827, 3653",
    ),
    ("packageFor", None, "expected one of lambda, host"),
    ("account", 123456789012, "expected str | null, got int"),
    ("account", "1234", "expected str matching regex '^[0-9]{12}$'"),
    ("gatewayUrl", "127.0.0.1:4566", "expected str matching regex '^https?://[^/].*[^/]$'"),
    ("tags", {"team": 7}, "expected str, got int"),
    ("textLenght", 4000, "unknown key"),
    ("text_length", 4000, "unknown key"),
]


@pytest.mark.parametrize(("key", "value", "reason"), BAD)
def test_names_environment_and_key(key: str, value: Any, reason: str) -> None:
    """A bad value or an unknown key is one line that says where and what."""
    with pytest.raises(Problem) as caught:
        read_environments({"prod": {key: value}})

    assert str(caught.value) == f"cdk.json: environments.prod.{key}: {reason}"


@pytest.mark.parametrize("value", [None, [], "prod", {}])
def test_wants_environments(value: object) -> None:
    """Without any environment there is nothing to build, and it says so."""
    with pytest.raises(Problem, match=r"^cdk\.json: environments: expected an object"):
        read_environments(value)


def test_wants_an_object_for_an_environment() -> None:
    """An environment that is no object is named."""
    with pytest.raises(Problem, match=r"^cdk\.json: environments\.dev: expected an object"):
        read_environments({"dev": "default"})


def test_an_empty_environment_has_defaults() -> None:
    """Every setting has a default, and a stage is named after its environment."""
    assert read_settings("test", {}) == Settings(stage_name="test")
    assert read_settings("test", {"stageName": "live"}).stage_name == "live"


def test_keys_are_camel_case() -> None:
    """cdk.json speaks as JSON does."""
    settings = read_settings("test", {"textLength": 10, "memoryMb": 512})

    assert (settings.text_length, settings.memory_mb) == (10, 512)
    assert settings.variables["TEXT_LENGTH"] == "10"


def test_cdk_json_has_the_four_environments() -> None:
    """What is in cdk.json passes its own checks."""
    assert tuple(read_environments(CONTEXT["environments"])) == ENVIRONMENTS


@pytest.mark.parametrize("name", ["prod", "anything"])
@pytest.mark.parametrize("given", [{}, {"identity": {"type": "guest"}}])
def test_guests_are_refused_with_the_reason(name: str, given: dict[str, Any]) -> None:
    """Whoever says nothing about identity, or forgets to take guests back, does not get them."""
    with pytest.raises(Problem) as caught:
        read_environments({name: given})

    reason = str(caught.value)
    assert reason.startswith(f"cdk.json: environments.{name}.identity: guest is refused, ")
    assert "guestsAllowed" in reason


def test_guests_are_welcome_where_it_says_so() -> None:
    """`guestsAllowed` is a word for it, and no other environment's."""
    allowed = {"local": {"guestsAllowed": True}}

    assert tuple(read_environments(allowed)) == ("local",)
    with pytest.raises(Problem, match=r"environments\.prod\.identity"):
        read_environments({**allowed, "prod": {}})


def test_only_the_laptop_and_dev_have_guests() -> None:
    """Where people are, they sign in."""
    environments = read_environments(CONTEXT["environments"])

    guests = {name for name, it in environments.items() if isinstance(it.identity, Guest)}
    assert guests == {"local", "dev"}


def test_every_log_retention_has_a_name() -> None:
    """Whatever number of days is allowed, the CDK knows it."""
    days = get_args(LogRetentionDays)

    assert len({log_retention(number) for number in days}) == len(days)


def test_app_exits_with_that_line() -> None:
    """`cdk` sees status 1 and the line, not a stack trace."""
    context = {"environments": {"prod": {"textLength": "4000"}}}

    result = subprocess.run(
        [sys.executable, "app.py"],
        cwd=PROJECT,
        env={**os.environ, "CDK_CONTEXT_JSON": json.dumps(context)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    expected = "cdk.json: environments.prod.textLength: expected int, got str"
    assert expected in result.stderr.splitlines()
    assert "Traceback" not in result.stderr
