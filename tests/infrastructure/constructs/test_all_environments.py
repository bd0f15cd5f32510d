"""Properties of every environment and every resource, including resources added later."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chat_stack.settings.identity import Guest
from chat_stack.settings.load import read_environments
from chat_stack.settings.settings import Settings
from tests.infrastructure.all_settings import MORE
from tests.infrastructure.synthesis import CONTEXT, ENVIRONMENTS, Synthesized

SETTINGS: Mapping[str, Settings] = read_environments({**CONTEXT["environments"], **MORE})
POLICIES = {
    "AWS::S3::Bucket": ("AWS::S3::BucketPolicy", "Bucket"),
    "AWS::SNS::Topic": ("AWS::SNS::TopicPolicy", "Topics"),
    "AWS::SQS::Queue": ("AWS::SQS::QueuePolicy", "Queues"),
}
"""Types that have a resource policy, with the type of that policy and the name of its target."""


@pytest.fixture(params=(*ENVIRONMENTS, *MORE))
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each environment in turn."""
    return str(request.param)


@pytest.fixture
def whole(name: str, stacks_with_page: Mapping[str, Synthesized]) -> Synthesized:
    """Return the stack of the environment, with the page's hosting."""
    return stacks_with_page[f"Chat-{name}"]


@pytest.mark.parametrize("type_", POLICIES)
def test_accepts_tls_only(whole: Synthesized, type_: str) -> None:
    """Each bucket, topic and queue denies requests without TLS."""
    policy_type, target = POLICIES[type_]
    policies = [it["Properties"] for it in whole.resources(policy_type).values()]

    for id_ in whole.resources(type_):
        denied = [
            statement
            for policy in policies
            if {"Ref": id_} in _list(policy[target])
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Deny"
            and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        ]
        assert denied, f"{id_} accepts requests without TLS"


def test_is_encrypted_at_rest(whole: Synthesized) -> None:
    """Queues and buckets enable encryption. AWS always encrypts tables and logs."""
    for queue in whole.resources("AWS::SQS::Queue").values():
        of_queue = queue["Properties"]
        assert of_queue.get("SqsManagedSseEnabled") is True or "KmsMasterKeyId" in of_queue
    for bucket in whole.resources("AWS::S3::Bucket").values():
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}


def test_connect_requires_a_token_except_from_guests(whole: Synthesized, name: str) -> None:
    """$connect has the authorizer in every environment. Environments of guests have none."""
    (connect,) = (
        it["Properties"]
        for it in whole.resources("AWS::ApiGatewayV2::Route").values()
        if it["Properties"]["RouteKey"] == "$connect"
    )
    authorizers = whole.resources("AWS::ApiGatewayV2::Authorizer")

    if isinstance(SETTINGS[name].identity, Guest):
        assert connect["AuthorizationType"] == "NONE"
        assert not authorizers
    else:
        (id_,) = authorizers
        assert connect["AuthorizationType"] == "CUSTOM"
        assert connect["AuthorizerId"] == {"Ref": id_}


def test_stage_has_the_throttles_of_the_settings(whole: Synthesized, name: str) -> None:
    """The stage has its own limits. The account's limit is shared by all its APIs."""
    route = whole.only("AWS::ApiGatewayV2::Stage")["DefaultRouteSettings"]

    assert route["ThrottlingRateLimit"] == SETTINGS[name].throttle_rate
    assert route["ThrottlingBurstLimit"] == SETTINGS[name].throttle_burst


def test_stage_logs_as_configured(whole: Synthesized, name: str) -> None:
    """The stage logs requests and errors as configured, and never the content of frames."""
    settings = SETTINGS[name]
    stage = whole.only("AWS::ApiGatewayV2::Stage")
    route = stage["DefaultRouteSettings"]

    assert ("AccessLogSettings" in stage) == settings.access_logs
    assert route.get("LoggingLevel", "OFF") == settings.execution_logs.upper()
    assert route.get("DataTraceEnabled", False) is False
    assert name == "local" or settings.access_logs


def test_rooms_have_the_configured_recovery(whole: Synthesized, name: str) -> None:
    """The rooms table has point-in-time recovery if the setting is on."""
    rooms = whole.table("RoomsTable")["Properties"]

    recovery = rooms["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert recovery is SETTINGS[name].point_in_time_recovery


def test_production_can_be_recovered_and_is_not_deleted_by_mistake(
    stacks_with_page: Mapping[str, Synthesized],
) -> None:
    """Production has point-in-time recovery of rooms, and three protections from deletion."""
    prod = stacks_with_page["Chat-prod"]
    rooms = prod.table("RoomsTable")

    recovery = rooms["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery["PointInTimeRecoveryEnabled"] is True
    assert rooms["Properties"]["DeletionProtectionEnabled"] is True
    assert rooms["DeletionPolicy"] == rooms["UpdateReplacePolicy"] == "Retain"
    assert prod.stack.termination_protection is True


def test_functions_manage_only_their_own_connections(whole: Synthesized) -> None:
    """No function may inspect a connection. Two functions may close connections of this stage."""
    granted = [
        statement
        for statement in _statements(whole)
        if any(action.startswith("execute-api:") for action in _list(statement["Action"]))
    ]
    stage = whole.only("AWS::ApiGatewayV2::Stage")["StageName"]

    paths = [it["Fn::Join"][1][-1] for s in granted for it in _list(s["Resource"])]
    assert {statement["Action"] for statement in granted} == {"execute-api:ManageConnections"}
    assert set(paths) == {f"/{stage}/{verb}/@connections/*" for verb in ("POST", "DELETE")}
    assert len([path for path in paths if "/DELETE/" in path]) == 2


def test_no_function_is_public(whole: Synthesized) -> None:
    """No function has a URL. Each permission to call one names the caller and the source."""
    assert not whole.resources("AWS::Lambda::Url")
    for permission in whole.resources("AWS::Lambda::Permission").values():
        assert permission["Properties"]["Principal"] != "*"
        assert permission["Properties"]["SourceArn"]


def test_logs_expire(whole: Synthesized) -> None:
    """Every log group has a retention."""
    groups = whole.resources("AWS::Logs::LogGroup")

    assert groups
    assert all(group["Properties"]["RetentionInDays"] for group in groups.values())


def _statements(stack: Synthesized) -> Iterator[Mapping[str, Any]]:
    for policy in stack.resources("AWS::IAM::Policy").values():
        yield from policy["Properties"]["PolicyDocument"]["Statement"]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
