"""What has to hold of every environment and every resource, those of tomorrow included."""

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
"""What anybody could be let into, and where it is said who is."""


@pytest.fixture(params=(*ENVIRONMENTS, *MORE))
def name(request: pytest.FixtureRequest) -> str:
    """Each environment in turn."""
    return str(request.param)


@pytest.fixture
def whole(name: str, stacks_with_page: Mapping[str, Synthesized]) -> Synthesized:
    """Its stack, the page's hosting included."""
    return stacks_with_page[f"Chat-{name}"]


@pytest.mark.parametrize("type_", POLICIES)
def test_is_reached_by_tls_only(whole: Synthesized, type_: str) -> None:
    """Each bucket, topic and queue denies whatever does not come encrypted."""
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
        assert denied, f"{id_} takes what is not encrypted"


def test_is_encrypted_at_rest(whole: Synthesized) -> None:
    """Queues and buckets say so; tables and logs cannot be otherwise."""
    for queue in whole.resources("AWS::SQS::Queue").values():
        of_queue = queue["Properties"]
        assert of_queue.get("SqsManagedSseEnabled") is True or "KmsMasterKeyId" in of_queue
    for bucket in whole.resources("AWS::S3::Bucket").values():
        (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}


def test_lets_in_by_token_wherever_people_are_no_guests(whole: Synthesized, name: str) -> None:
    """$connect has the authorizer, on AWS as on the laptop; the guests' environments have none."""
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
    """No environment is left with the account's own limit, which all its APIs share."""
    route = whole.only("AWS::ApiGatewayV2::Stage")["DefaultRouteSettings"]

    assert route["ThrottlingRateLimit"] == SETTINGS[name].throttle_rate
    assert route["ThrottlingBurstLimit"] == SETTINGS[name].throttle_burst


def test_stage_logs_as_told(whole: Synthesized, name: str) -> None:
    """Requests where the settings say so, and troubles; never what people send."""
    settings = SETTINGS[name]
    stage = whole.only("AWS::ApiGatewayV2::Stage")
    route = stage["DefaultRouteSettings"]

    assert ("AccessLogSettings" in stage) == settings.access_logs
    assert route.get("LoggingLevel", "OFF") == settings.execution_logs.upper()
    assert route.get("DataTraceEnabled", False) is False
    assert name == "local" or settings.access_logs


def test_rooms_can_be_recovered_as_told(whole: Synthesized, name: str) -> None:
    """Point-in-time recovery is of the table of rooms, wherever the settings say so."""
    rooms = whole.table("RoomsTable")["Properties"]

    recovery = rooms["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert recovery is SETTINGS[name].point_in_time_recovery


def test_production_can_be_recovered_and_is_not_deleted_by_mistake(
    stacks_with_page: Mapping[str, Synthesized],
) -> None:
    """The rooms of prod: any second of the last 35 days, and three hands on the delete button."""
    prod = stacks_with_page["Chat-prod"]
    rooms = prod.table("RoomsTable")

    recovery = rooms["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery["PointInTimeRecoveryEnabled"] is True
    assert rooms["Properties"]["DeletionProtectionEnabled"] is True
    assert rooms["DeletionPolicy"] == rooms["UpdateReplacePolicy"] == "Retain"
    assert prod.stack.termination_protection is True


def test_connections_are_managed_by_what_it_takes(whole: Synthesized) -> None:
    """Nobody may inspect a connection, two functions end them, and none touches another stage's."""
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


def test_nothing_is_open_to_everybody(whole: Synthesized) -> None:
    """No function has a URL, and whoever may call one is named, with what they call it for."""
    assert not whole.resources("AWS::Lambda::Url")
    for permission in whole.resources("AWS::Lambda::Permission").values():
        assert permission["Properties"]["Principal"] != "*"
        assert permission["Properties"]["SourceArn"]


def test_logs_end(whole: Synthesized) -> None:
    """No log is kept for ever."""
    groups = whole.resources("AWS::Logs::LogGroup")

    assert groups
    assert all(group["Properties"]["RetentionInDays"] for group in groups.values())


def _statements(stack: Synthesized) -> Iterator[Mapping[str, Any]]:
    for policy in stack.resources("AWS::IAM::Policy").values():
        yield from policy["Properties"]["PolicyDocument"]["Statement"]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
