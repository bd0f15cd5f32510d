"""The key of tables, queues, logs and alarms, where an environment wants one of its own."""

from collections.abc import Sequence
from typing import Annotated, Literal

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct
from msgspec import Meta

KeyChoice = Annotated[
    str, Meta(pattern=r"^(own|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$")
]
Service = Literal["dynamodb", "sqs"]

OF_TABLES = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
"""What DynamoDB does with a key for whoever uses a table; making a table takes more.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
"""
OF_SENDERS = ("Decrypt", "GenerateDataKey")
OF_RECEIVERS = ("Decrypt",)
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"""


def encryption_key(
    scope: Construct, choice: str | None, *, removal_policy: RemovalPolicy
) -> kms.IKey | None:
    """The key of a setting's *choice*: an existing one, an own one, or None for those of AWS.

    The policy of an existing one is its owner's: docs/setup/encryption-keys.md has it.
    """
    if choice is None:
        return None
    if choice != "own":
        return kms.Key.from_key_arn(scope, "Key", choice)
    key = kms.Key(
        scope,
        "Key",
        description="Encrypts what the chat keeps",
        enable_key_rotation=True,
        removal_policy=removal_policy,
    )
    key.add_to_resource_policy(_for_logs(scope))
    return key


def grant_key(
    grantee: iam.IGrantable, key: kms.IKey | None, *, service: Service, actions: Sequence[str]
) -> None:
    """Let *grantee* use *key*, if there is one, by way of *service* and by no other."""
    if key is None:
        return
    here = Stack.of(key)
    iam.Grant.add_to_principal(
        grantee=grantee,
        actions=[f"kms:{action}" for action in actions],
        resource_arns=[key.key_arn],
        conditions={"StringEquals": {"kms:ViaService": f"{service}.{here.region}.amazonaws.com"}},
    )


def _for_logs(scope: Construct) -> iam.PolicyStatement:
    """CloudWatch Logs, for the groups of this stack and those of API Gateway.

    By patterns: a group waits for its key, so the key cannot name the group.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    here = Stack.of(scope)
    groups = [
        here.format_arn(service="logs", resource=f"log-group:{name}*")
        for name in (f"{Aws.STACK_NAME}-", "/aws/apigateway/")
    ]
    return iam.PolicyStatement(
        sid="Logs",
        principals=[iam.ServicePrincipal(f"logs.{here.region}.amazonaws.com")],
        actions=[
            *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"),
            *("kms:GenerateDataKey*", "kms:ReEncrypt*"),
        ],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )
