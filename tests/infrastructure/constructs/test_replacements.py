"""Changes of settings do not replace resources with data in a deployed environment."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.infrastructure.all_settings import KEY, WEB_SOCKET_DOMAIN
from tests.infrastructure.synthesis import CONTEXT, Synthesized, synthesize

TABLE = "AWS::DynamoDB::Table"
REPLACING: Mapping[str, tuple[str, ...]] = {
    TABLE: ("AttributeDefinitions", "ImportSourceSpecification", "KeySchema", "TableName"),
    "AWS::Cognito::UserPool": ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration"),
    "AWS::ApiGatewayV2::Api": ("ProtocolType",),
    "AWS::SQS::Queue": ("FifoQueue", "QueueName"),
}
"""Properties whose change replaces the resource, for resources with data or an address.

The attributes of a table's key may not change. The attributes of an index may.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cognito-userpool.html
"""
ENVIRONMENTS = ("dev", "staging", "prod")
OTHERS: Mapping[str, Any] = {
    "architecture": "x86_64",
    "deletionProtection": True,
    "encryptionKey": KEY,
    "executeApiEndpoint": False,
    "historyPage": 7,
    "inlineLimit": 7,
    "logRetentionDays": 1827,
    "memoryMb": 2_048,
    "pointInTimeRecovery": True,
    "removalPolicy": "retain",
    "reservedConcurrency": 50,
    "retentionDays": 7,
    "snapStart": True,
    "tags": {"team": "tea"},
    "textLength": 7,
    "throttleRate": 7,
    "tracing": False,
    "trafficShift": "allAtOnce",
    "webSocketDomain": WEB_SOCKET_DOMAIN,
}
"""Values of settings that no environment has."""
GIVEN = (*ENVIRONMENTS, "others", "own key")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Mapping[str, Any]]:
    """Return the resources of one stack under the settings of each environment, and others."""
    environments = CONTEXT["environments"]
    given = {name: environments[name] for name in ENVIRONMENTS}
    given["others"] = {**environments["dev"], **OTHERS}
    given["own key"] = {**environments["prod"], "encryptionKey": "own"}
    return {
        name: _resources(tmp_path_factory.mktemp(name), settings)
        for name, settings in given.items()
    }


@pytest.mark.parametrize("after", GIVEN)
@pytest.mark.parametrize("before", GIVEN)
def test_no_change_of_settings_replaces_a_table(
    deployed: Mapping[str, Mapping[str, Any]], before: str, after: str
) -> None:
    """Both tables keep their logical ids, and each property whose change would replace them.

    The API, the queues and the user pool also keep them, if both stacks have the resource.
    """
    old, new = deployed[before], deployed[after]

    assert len(_tables(old)) == 2
    assert _tables(old) == _tables(new)
    for id_ in old.keys() & new.keys():
        assert old[id_]["Type"] == new[id_]["Type"]
        for name in REPLACING.get(old[id_]["Type"], ()):
            was, becomes = (it[id_]["Properties"].get(name) for it in (old, new))
            assert was == becomes, f"{id_}.{name} differs: CloudFormation would replace it"


def test_a_change_of_the_key_does_not_replace_the_table(
    deployed: Mapping[str, Mapping[str, Any]],
) -> None:
    """The keys of the three stacks differ. DynamoDB encrypts the existing table with a new key.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
    """
    assert "SSESpecification" not in REPLACING[TABLE]
    keys = {"prod": set[str](), "own key": set[str](), "others": set[str]()}
    for name, found in keys.items():
        for table in _tables(deployed[name]):
            specification = deployed[name][table]["Properties"].get("SSESpecification", {})
            found.add(str(specification.get("KMSMasterKeyId")))

    assert keys["prod"] == {"None"}
    assert keys["others"] == {KEY}
    assert len(keys["own key"]) == 1
    assert "Fn::GetAtt" in keys["own key"].pop()


def test_the_compared_properties_exist(
    deployed: Mapping[str, Mapping[str, Any]],
) -> None:
    """Each table has the properties that the other tests compare."""
    for table in _tables(deployed["prod"]):
        properties = deployed["prod"][table]["Properties"]
        assert len(properties["KeySchema"]) == 2
        assert len(properties["AttributeDefinitions"]) >= 2


def _tables(resources: Mapping[str, Any]) -> set[str]:
    return {id_ for id_, it in resources.items() if it["Type"] == TABLE}


def _resources(folder: Path, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the resources of the stack with these *settings*, without the page."""
    (stack,) = _stacks(folder, {**settings, "webHosting": False})
    resources: Mapping[str, Any] = stack.template.to_json()["Resources"]
    return resources


def _stacks(folder: Path, settings: Mapping[str, Any]) -> list[Synthesized]:
    context: dict[str, Any] = {"environments": {"it": settings}, "aws:cdk:bundling-stacks": []}
    return [*synthesize(folder, None, **context).values()]
