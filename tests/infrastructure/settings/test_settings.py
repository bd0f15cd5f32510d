"""Settings: the values that cdk.json may have, and the errors for other values."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from aws_cdk import App, Stack

from app import build
from chat_stack.errors import ConfigError
from chat_stack.functions.function import RETENTION
from chat_stack.settings.environment import chat_variables
from chat_stack.settings.identity import Cognito, Guest
from chat_stack.settings.load import read_environments, read_settings
from chat_stack.settings.settings import Settings
from chat_stack.settings.types import LogRetentionDays, TrafficShift
from chat_stack.stack import ChatStack
from tests.infrastructure.all_settings import (
    MORE,
    REGION,
    WEB_DOMAIN,
    WEB_SOCKET_DOMAIN,
    certificate,
)
from tests.infrastructure.synthesis import CONTEXT, EMULATOR, ENVIRONMENTS, PROJECT, WITHOUT_PAGE
from tests.support.issuer.issuer import NAME

KEY_PATTERN = r"^(own|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$"

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
    ("encryptionKey", "mine", f"expected str matching regex '{KEY_PATTERN}'"),
    ("encryptionKey", True, "expected str | null, got bool"),
    ("trafficShift", "half", f"expected one of {', '.join(get_args(TrafficShift))}"),
    ("executeApiEndpoint", "no", "expected bool, got str"),
    ("webDomain", "chat.example.com", "expected object | null, got str"),
    ("textLenght", 4000, "unknown key"),
    ("text_length", 4000, "unknown key"),
]


@pytest.mark.parametrize(("key", "value", "reason"), BAD)
def test_names_environment_and_key(key: str, value: Any, reason: str) -> None:
    """The error for a bad value or an unknown key is one line with the place and the reason."""
    with pytest.raises(ConfigError) as caught:
        read_environments({"prod": {key: value}})

    assert str(caught.value) == f"cdk.json: environments.prod.{key}: {reason}"


NESTED: list[tuple[str, dict[str, Any], str]] = [
    ("name", {"name": "https://x.example"}, "expected str matching regex"),
    ("certificate", {"certificate": "arn:aws:iam::1:x"}, "expected str matching regex"),
    ("hostedZone", {"hostedZone": "example.com"}, "expected str matching regex"),
]


@pytest.mark.parametrize("key", ["webDomain", "webSocketDomain"])
@pytest.mark.parametrize(("field", "wrong", "reason"), NESTED)
def test_names_the_field_of_a_domain(
    key: str, field: str, wrong: dict[str, Any], reason: str
) -> None:
    """The error for a bad value within a domain names its field."""
    with pytest.raises(ConfigError) as caught:
        read_environments({"prod": {key: {**WEB_DOMAIN, **wrong}}})

    assert str(caught.value).startswith(f"cdk.json: environments.prod.{key}.{field}: {reason}")


POOL = {"type": "cognito", "userPoolId": "eu-west-1_x", "clientIds": ["c"]}
OIDC = {"type": "oidc", "issuer": NAME, "audience": ["a"], "keysUrl": f"{NAME}/k"}
IN_TOKYO = {**WEB_SOCKET_DOMAIN, "certificate": certificate("ap-northeast-1")}
TOGETHER: list[tuple[dict[str, Any], str]] = [
    ({"gatewayUrl": "http://x:1/y"}, "gatewayUrl: only `local` has one"),
    ({"webDomain": WEB_DOMAIN}, "webDomain: there is no page for this domain"),
    ({"executeApiEndpoint": False}, "executeApiEndpoint: without it clients cannot connect"),
    (
        {"webHosting": True, "webDomain": WEB_DOMAIN, "webSocketDomain": WEB_DOMAIN},
        "webDomain.name: expected another name",
    ),
    (
        {"webHosting": True, "webDomain": {**WEB_DOMAIN, "certificate": certificate(REGION)}},
        "webDomain.certificate: expected one in us-east-1",
    ),
    (
        {"region": REGION, "webSocketDomain": IN_TOKYO},
        f"webSocketDomain.certificate: expected one in {REGION}",
    ),
    (
        {"identity": {"type": "cognito", "userPoolId": "eu-west-1_x"}},
        "identity.clientIds: expected those of the existing user pool",
    ),
    (
        {"identity": {"type": "cognito", "clientIds": ["c"]}},
        "identity.clientIds: is for an existing user pool; set userPoolId too",
    ),
    (
        {"identity": {"type": "cognito", "domain": "https://auth.example"}},
        "identity.domain: is for an existing user pool; set userPoolId too",
    ),
    (
        {"identity": {**POOL, "selfSignUp": True}},
        "identity.selfSignUp: is for a pool that the stack creates",
    ),
    (
        {"identity": OIDC, "webHosting": True},
        "identity.page: expected how the hosted page signs in",
    ),
    ({"identity": OIDC, "canaryMinutes": 5}, "canaryMinutes: expected none"),
    ({"identity": POOL, "canaryMinutes": 5}, "canaryMinutes: expected none"),
]


@pytest.mark.parametrize(("settings", "reason"), TOGETHER)
def test_names_what_does_not_fit_together(settings: dict[str, Any], reason: str) -> None:
    """The error for values that exclude each other is one line."""
    with pytest.raises(ConfigError) as caught:
        read_environments({"prod": {"identity": {"type": "cognito"}, **settings}})

    assert str(caught.value).startswith(f"cdk.json: environments.prod.{reason}")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [("webSocketDomain", WEB_SOCKET_DOMAIN), ("trafficShift", "allAtOnce")],
)
def test_an_emulator_rejects_settings_for_aws(key: str, value: object) -> None:
    """A setting that an emulator does not support is an error. It is not ignored."""
    local = {"guestsAllowed": True, key: value}

    with pytest.raises(ConfigError) as caught:
        read_environments({"local": local}, gateway_url="http://127.0.0.1:4566/x")

    reason = "is for AWS, and this environment has a gatewayUrl"
    assert str(caught.value) == f"cdk.json: environments.local.{key}: {reason}"


@pytest.mark.parametrize(
    ("origin", "sent"),
    [
        ("https://Chat.Example", "https://chat.example"),
        ("https://chat.example:443", "https://chat.example"),
        ("http://x:80", "http://x"),
        ("https://CHAT.example:443", "https://chat.example"),
    ],
)
def test_an_origin_is_as_browsers_send_it(origin: str, sent: str) -> None:
    """An origin that no browser sends is an error, because origins are compared exactly."""
    given = {"identity": {"type": "cognito"}, "origins": ["https://good.example", origin]}

    with pytest.raises(ConfigError) as caught:
        read_environments({"prod": given})

    where = "cdk.json: environments.prod.origins[1]"
    assert str(caught.value) == f"{where}: no browser sends {origin}; write {sent}"


@pytest.mark.parametrize("origin", ["https://chat.example:8443", "http://x:443", "https://x:80"])
def test_other_ports_are_sent(origin: str) -> None:
    """A port that is not the scheme's own is part of an origin."""
    given = {"identity": {"type": "cognito"}, "origins": [origin]}

    assert read_environments({"prod": given})["prod"].origins == (origin,)


def test_everything_fits_together() -> None:
    """The settings that are rejected above are valid together with the right other settings."""
    assert tuple(read_environments(MORE)) == ("every", "other")


@pytest.mark.parametrize("value", [None, [], "prod", {}])
def test_requires_environments(value: object) -> None:
    """A cdk.json without environments is an error."""
    with pytest.raises(ConfigError, match=r"^cdk\.json: environments: expected an object"):
        read_environments(value)


def test_requires_an_object_for_an_environment() -> None:
    """The error names an environment that is not an object."""
    with pytest.raises(ConfigError, match=r"^cdk\.json: environments\.dev: expected an object"):
        read_environments({"dev": "default"})


def test_an_empty_environment_has_defaults() -> None:
    """Every setting has a default. The default name of a stage is its environment's."""
    assert read_settings("test", {}) == Settings(stage_name="test")
    assert read_settings("test", {"stageName": "live"}).stage_name == "live"


def test_keys_are_camel_case() -> None:
    """The keys of cdk.json are in camelCase, and the fields of `Settings` in snake_case."""
    settings = read_settings("test", {"textLength": 10, "memoryMb": 512})

    assert (settings.text_length, settings.memory_mb) == (10, 512)
    assert chat_variables(settings)["TEXT_LENGTH"] == "10"


def test_cdk_json_has_the_four_environments() -> None:
    """The project's cdk.json is valid."""
    assert tuple(read_environments(CONTEXT["environments"])) == ENVIRONMENTS


@pytest.mark.parametrize("name", ["prod", "anything"])
@pytest.mark.parametrize("given", [{}, {"identity": {"type": "guest"}}])
def test_guests_are_refused_with_the_reason(name: str, given: dict[str, Any]) -> None:
    """An environment with guests is an error unless it sets `guestsAllowed`."""
    with pytest.raises(ConfigError) as caught:
        read_environments({name: given})

    reason = str(caught.value)
    assert reason.startswith(f"cdk.json: environments.{name}.identity: guest is refused, ")
    assert "guestsAllowed" in reason


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (Settings(stage_name="prod"), "identity: guest is refused, "),
        (
            Settings(stage_name="prod", identity=Cognito(), gateway_url="http://x:1/y"),
            "gatewayUrl: only `local` has one",
        ),
        (
            Settings(stage_name="prod", identity=Cognito(client_ids=("c",))),
            "identity.clientIds: is for an existing user pool",
        ),
    ],
)
def test_a_stack_in_another_app_validates_its_settings(settings: Settings, reason: str) -> None:
    """`ChatStack` applies the same checks to settings that do not come from cdk.json."""
    app = App(context={"aws:cdk:bundling-stacks": []})

    with pytest.raises(ConfigError) as caught:
        ChatStack(app, "X", settings=settings)

    assert str(caught.value).startswith(f"cdk.json: environments.prod.{reason}")
    assert len(str(caught.value).splitlines()) == 1


def test_a_stack_in_another_app_accepts_valid_settings() -> None:
    """A stack has guests if `guests_allowed` is set, and users with a sign-in otherwise."""
    app = App(context={"aws:cdk:bundling-stacks": []})

    ChatStack(app, "Guests", settings=Settings(stage_name="prod", guests_allowed=True))
    ChatStack(app, "Users", settings=Settings(stage_name="prod", identity=Cognito()))


def test_a_stack_is_named_after_its_environment(tmp_path: Path) -> None:
    """The stack keeps the environment's name if the stage has another name."""
    local = {**CONTEXT["environments"]["local"], "stageName": "live"}
    context = {**CONTEXT, "environments": {"local": local}, "aws:cdk:bundling-stacks": []}
    app = App(outdir=str(tmp_path), context={**context, "gatewayUrl": EMULATOR})

    build(app, built_page=tmp_path)

    assert app.node.try_find_child("Chat-local")


def test_guests_are_accepted_if_allowed() -> None:
    """`guestsAllowed` of an environment does not apply to other environments."""
    allowed = {"local": {"guestsAllowed": True}}

    assert tuple(read_environments(allowed)) == ("local",)
    with pytest.raises(ConfigError, match=r"environments\.prod\.identity"):
        read_environments({**allowed, "prod": {}})


def test_only_local_and_dev_have_guests() -> None:
    """In staging and production, users sign in."""
    environments = read_environments(CONTEXT["environments"])

    guests = {name for name, it in environments.items() if isinstance(it.identity, Guest)}
    assert guests == {"local", "dev"}


def test_every_log_retention_has_a_name() -> None:
    """The CDK has a name for each allowed number of days."""
    assert set(RETENTION) == set(get_args(LogRetentionDays))
    assert len(set(RETENTION.values())) == len(RETENTION)


def test_local_needs_the_url_of_an_emulator(tmp_path: Path) -> None:
    """Without `gatewayUrl` there is no local stack, so `cdk deploy --all` does not deploy it."""
    context = {**CONTEXT, "environments": WITHOUT_PAGE, "aws:cdk:bundling-stacks": []}
    without = App(outdir=str(tmp_path / "without"), context=context)
    named = App(outdir=str(tmp_path / "with"), context={**context, "gatewayUrl": EMULATOR})

    build(without, built_page=tmp_path)
    build(named, built_page=tmp_path)

    assert without.node.try_find_child("Chat-local") is None
    assert without.node.try_find_child("Chat-prod")
    assert named.node.try_find_child("Chat-local")


def test_one_environment_can_be_chosen(tmp_path: Path) -> None:
    """With `-c environment=...` there is only its stack. An unknown name is an error."""
    context = {**CONTEXT, "environments": WITHOUT_PAGE, "aws:cdk:bundling-stacks": []}
    one = App(outdir=str(tmp_path / "one"), context={**context, "environment": "dev"})
    wrong = App(outdir=str(tmp_path / "wrong"), context={**context, "environment": "test"})

    build(one, built_page=tmp_path)
    with pytest.raises(ConfigError, match=r"^environment: 'test' is not in environments: local, "):
        build(wrong, built_page=tmp_path)

    assert [it.node.id for it in one.node.children if isinstance(it, Stack)] == ["Chat-dev"]


def test_app_exits_with_the_error() -> None:
    """The app exits with status 1 and writes the error line, without a traceback."""
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
