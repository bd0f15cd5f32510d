"""Resources that remain of a stack: after its removal, and after a failed creation."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chat_stack.settings.load import read_environments
from chat_stack.settings.settings import Settings
from tests.infrastructure.all_settings import FURTHER, MORE
from tests.infrastructure.references import closure
from tests.infrastructure.synthesis import CONTEXT, Synthesized

SETTINGS: Mapping[str, Settings] = read_environments(
    {**CONTEXT["environments"], **MORE, **FURTHER}, gateway_url="http://127.0.0.1"
)
HOLDING = frozenset(
    f"AWS::{name}"
    for name in (
        *("Cognito::UserPool", "DynamoDB::Table", "KMS::Key", "Logs::LogGroup"),
        *("S3::Bucket", "SecretsManager::Secret", "SQS::Queue"),
    )
)
"""Types that hold data."""
OF_THE_ACCOUNT = frozenset({"AWS::ApiGateway::Account", "AWS::IAM::Role"})
"""Types that are kept in any case, because other APIs of the account may use them."""


def test_all_data_has_a_policy(all_stacks: Mapping[str, Synthesized]) -> None:
    """Each resource that holds data says what becomes of the data."""
    for name, stack in all_stacks.items():
        for id_, resource in _resources(stack):
            if resource["Type"] in HOLDING:
                assert resource.get("DeletionPolicy"), f"{name}: {id_}"


def test_buckets_are_emptied_before_they_are_deleted(
    all_stacks: Mapping[str, Synthesized],
) -> None:
    """CloudFormation cannot delete a bucket that holds objects.

    The uploads wait for the function that empties the bucket.
    In a removal, which is in the reverse order, it runs after them.
    """
    for stack in all_stacks.values():
        resources = stack.template.to_json()["Resources"]
        emptied = {
            it["Properties"]["BucketName"]["Ref"]: id_
            for id_, it in stack.resources("Custom::S3AutoDeleteObjects").items()
        }
        for id_, bucket in stack.resources("AWS::S3::Bucket").items():
            assert bucket["DeletionPolicy"] == "Delete"
            assert {"Key": "aws-cdk:auto-delete-objects", "Value": "true"} in bucket["Properties"][
                "Tags"
            ]
            for upload in stack.resources("Custom::CDKBucketDeployment"):
                assert emptied[id_] in closure(resources, upload)
        uploads = stack.resources("Custom::CDKBucketDeployment").values()
        assert all(it["Properties"].get("RetainOnDelete", True) for it in uploads)


def test_every_function_logs_into_a_group_of_the_stack(
    all_stacks: Mapping[str, Synthesized],
) -> None:
    """No function, not even those of the CDK, logs into a group that Lambda creates."""
    for name, stack in all_stacks.items():
        groups = stack.resources("AWS::Logs::LogGroup")
        for id_, function in stack.resources("AWS::Lambda::Function").items():
            logging = function["Properties"].get("LoggingConfig", {})
            assert logging.get("LogGroup", {}).get("Ref") in groups, f"{name}: {id_}"


def test_no_function_may_create_a_log_group(all_stacks: Mapping[str, Synthesized]) -> None:
    """The last lines of a deleted function do not create its group again."""
    for name, stack in all_stacks.items():
        for id_, role in stack.resources("AWS::IAM::Role").items():
            text = json.dumps(role)
            if "lambda.amazonaws.com" in text:
                assert "AWSLambdaBasicExecutionRole" not in text, f"{name}: {id_}"


@pytest.mark.parametrize("name", SETTINGS)
def test_a_failed_creation_leaves_no_data_behind(
    name: str, all_stacks: Mapping[str, Synthesized]
) -> None:
    """If the creation itself fails, resources that a removal keeps are deleted.

    CloudFormation cannot delete a protected table or pool, so these are left behind.
    """
    stack = all_stacks[f"Chat-{name}"]
    for id_, resource in _resources(stack):
        properties = resource.get("Properties", {})
        protected = properties.get("DeletionProtectionEnabled") is True or (
            properties.get("DeletionProtection") == "ACTIVE"
        )
        if resource["Type"] in OF_THE_ACCOUNT or "Retain" not in resource.get("DeletionPolicy", ""):
            continue
        expected = "Retain" if protected else "RetainExceptOnCreate"
        assert resource["DeletionPolicy"] == expected, id_
        assert resource["UpdateReplacePolicy"] == "Retain", id_


@pytest.mark.parametrize("name", SETTINGS)
def test_data_is_kept_where_the_setting_says_so(
    name: str, all_stacks: Mapping[str, Synthesized]
) -> None:
    """The rooms, the users and the logs of the chat follow `removalPolicy`."""
    stack = all_stacks[f"Chat-{name}"]
    kept = SETTINGS[name].removal_policy == "retain"
    tables = stack.resources("AWS::DynamoDB::Table")
    kept_resources = [
        *(it for id_, it in tables.items() if id_.startswith("Rooms")),
        *stack.resources("AWS::Cognito::UserPool").values(),
        *(it for id_, it in stack.resources("AWS::Logs::LogGroup").items() if "Web" not in id_),
    ]

    assert kept_resources
    for resource in kept_resources:
        assert resource["DeletionPolicy"].startswith("Retain") == kept


def _resources(stack: Synthesized) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from stack.template.to_json()["Resources"].items()
