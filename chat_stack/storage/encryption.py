"""The KMS key of tables, queues, logs and the alarm topic, if the settings name one."""

from collections.abc import Sequence
from typing import Literal

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

Service = Literal["dynamodb", "sqs"]

TABLE_ACTIONS = (
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "ReEncryptFrom",
    "ReEncryptTo",
)
"""Actions that DynamoDB performs with a key for the user of a table; creating one takes more.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
"""
SENDER_ACTIONS = ("Decrypt", "GenerateDataKey")
RECEIVER_ACTIONS = ("Decrypt",)
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"""


def encryption_key(
    scope: Construct, choice: str | None, *, removal_policy: RemovalPolicy
) -> kms.IKey | None:
    """Return the key that a setting chooses: an existing key, a new one, or None for AWS's own.

    The owner of an existing key writes its policy; docs/setup/encryption-keys.md has it.
    """
    if choice is None:
        return None
    if choice != "own":
        return kms.Key.from_key_arn(scope, "Key", choice)
    key = kms.Key(
        scope,
        "Key",
        description="Encrypts the data of the chat",
        enable_key_rotation=True,
        removal_policy=removal_policy,
    )
    key.add_to_resource_policy(_for_logs(scope))
    return key


def grant_key(
    grantee: iam.IGrantable, key: kms.IKey | None, *, service: Service, actions: Sequence[str]
) -> None:
    """Let *grantee* use *key*, if there is one, only through *service*."""
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
    """Return the permission of CloudWatch Logs, for log groups of this stack and of API Gateway.

    It has patterns: a group depends on its key, so the key cannot name the group.
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
