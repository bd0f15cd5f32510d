"""The resources that the operator's key encrypts, and the permissions to use it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.infrastructure.all_settings import KEY, REGION
from tests.infrastructure.synthesis import AUTHORIZER, CHAT, CLOSER, CONSUMER, Synthesized

SENDS = {"kms:Decrypt", "kms:GenerateDataKey"}
STORES = {
    *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"),
    *("kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"),
}
"""The actions that DynamoDB needs for a caller that uses a table. Creating one needs more."""
USES = {
    CHAT: {"dynamodb": STORES, "sqs": SENDS},
    CONSUMER: {"dynamodb": STORES, "sqs": SENDS},
    CLOSER: {"dynamodb": STORES, "sqs": SENDS},
    AUTHORIZER: {},
}
COUNTS = {
    "AWS::DynamoDB::Table": 2,
    "AWS::Logs::LogGroup": 8,
    "AWS::SNS::Topic": 1,
    "AWS::SQS::Queue": 2,
}
"""The number of resources in the stack `every`.

The stack `other` has no authorizer and no canary, so it has two log groups less.
"""


def test_own_key_is_rotated_and_retained(all_options: Synthesized) -> None:
    """The key is rotated, and is retained like the data that it encrypts."""
    (key,) = all_options.resources("AWS::KMS::Key").values()

    assert key["Properties"]["EnableKeyRotation"] is True
    assert key["DeletionPolicy"] == "RetainExceptOnCreate"
    assert key["UpdateReplacePolicy"] == "Retain"


def test_everything_kept_is_encrypted_with_the_own_key(all_options: Synthesized) -> None:
    """The key encrypts tables, queues, logs and the topic. The page's bucket has its own key."""
    (id_,) = all_options.resources("AWS::KMS::Key")

    for type_, count in COUNTS.items():
        assert _keys(all_options, type_) == [{"Fn::GetAtt": [id_, "Arn"]}] * count, type_


def test_everything_kept_is_encrypted_with_the_key_that_is_named(
    all_options_variant: Synthesized,
) -> None:
    """The stack uses the key with the given ARN, and creates none."""
    assert not all_options_variant.resources("AWS::KMS::Key")
    for type_, count in COUNTS.items():
        expected = count - 2 if type_ == "AWS::Logs::LogGroup" else count
        assert _keys(all_options_variant, type_) == [KEY] * expected, type_


def test_without_a_key_aws_owned_keys_are_used(stacks_with_page: Mapping[str, Synthesized]) -> None:
    """By default, the stack's only KMS key is that of the alarms' topic."""
    prod = stacks_with_page["Chat-prod"]

    for table in prod.resources("AWS::DynamoDB::Table").values():
        assert "SSESpecification" not in table["Properties"]
    for group in prod.resources("AWS::Logs::LogGroup").values():
        assert "KmsKeyId" not in group["Properties"]
    assert len(prod.resources("AWS::KMS::Key")) == 1
    for handler in prod.functions():
        assert not [*_of_key(prod, handler)]


@pytest.mark.parametrize("handler", USES)
def test_functions_use_the_key_through_services(all_options: Synthesized, handler: str) -> None:
    """A function may use the key only through DynamoDB and SQS."""
    (id_,) = all_options.resources("AWS::KMS::Key")
    found: dict[str, set[str]] = {}

    for statement in _of_key(all_options, handler):
        assert statement["Resource"] == {"Fn::GetAtt": [id_, "Arn"]}
        service = statement["Condition"]["StringEquals"]["kms:ViaService"].split(".")[0]
        found.setdefault(service, set()).update(statement["Action"])

    assert found == USES[handler]


def test_grants_on_a_key_that_is_named_are_on_it_alone(all_options_variant: Synthesized) -> None:
    """With an existing key, the functions' permissions are on that key only."""
    for handler in (CHAT, CONSUMER, CLOSER):
        assert {statement["Resource"] for statement in _of_key(all_options_variant, handler)} == {
            KEY
        }


def test_services_use_the_own_key_for_this_stack(all_options: Synthesized) -> None:
    """The key's policy accepts logs of this stack and its gateway, and alarms of this account."""
    policy = all_options.only("AWS::KMS::Key")["KeyPolicy"]["Statement"]
    services = {it["Principal"]["Service"]: it for it in policy if "Service" in it["Principal"]}

    assert set(services) == {f"logs.{REGION}.amazonaws.com", "cloudwatch.amazonaws.com"}
    context = services[f"logs.{REGION}.amazonaws.com"]["Condition"]["ArnLike"]
    of_stack, of_gateway = context["kms:EncryptionContext:aws:logs:arn"]
    assert of_stack["Fn::Join"][1][-2:] == [{"Ref": "AWS::StackName"}, "-*"]
    assert of_gateway["Fn::Join"][1][-1] == ":log-group:/aws/apigateway/*"
    of_alarms = services["cloudwatch.amazonaws.com"]["Condition"]
    assert of_alarms == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def _of_key(stack: Synthesized, handler: str) -> Iterator[Mapping[str, Any]]:
    """Yield the statements about a key in a function's role, each with a list of actions."""
    for statement in stack.statements(handler):
        actions = statement["Action"]
        actions = actions if isinstance(actions, list) else [actions]
        if any(action.startswith("kms:") for action in actions):
            yield {**statement, "Action": actions}


def _keys(stack: Synthesized, type_: str) -> list[Any]:
    """Return the key of each resource of *type_*."""
    of_type = [it["Properties"] for it in stack.resources(type_).values()]
    if type_ == "AWS::DynamoDB::Table":
        assert all(it["SSESpecification"]["SSEEnabled"] for it in of_type)
        return [it["SSESpecification"]["KMSMasterKeyId"] for it in of_type]
    name = "KmsKeyId" if type_ == "AWS::Logs::LogGroup" else "KmsMasterKeyId"
    return [it.get(name) for it in of_type]
