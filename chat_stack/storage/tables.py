"""The two tables, and the right to use them."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack.cdk_nag import accept
from chat_stack.storage.encryption import OF_TABLES, grant_key

ENDING = "Ending"
"""The index of connections by when their rights end."""


class ConnectionsTable(Construct):
    """Who is connected and in which rooms: ephemeral, so never kept and never backed up."""

    def __init__(self, scope: Construct, id_: str, *, key: kms.IKey | None = None) -> None:
        """*key* encrypts it; without one, DynamoDB has one."""
        super().__init__(scope, id_)
        self._key = key
        self.table = _table(self, removal_policy=RemovalPolicy.DESTROY, key=key)
        # Sparse: only connections whose token ends before their natural life are in it.
        self.table.add_global_secondary_index(
            index_name=ENDING,
            partition_key=dynamodb.Attribute(name="endsIn", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="endsAt", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        accept(self, {"DDB3": "Who is connected is worth nothing once the connections are gone."})

    def grant_use(self, function: lambda_.Function) -> None:
        """Let *function* read and write single items and query; tell it the table's name."""
        single = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem")
        actions = (*single, "Query")
        _grant(self.table, function, self._key, variable="CONNECTIONS_TABLE", actions=actions)

    def grant_forget(self, function: lambda_.Function) -> None:
        """Let *function* remove connections that are gone, and see who stays."""
        actions = ("GetItem", "UpdateItem", "DeleteItem", "Query")
        _grant(self.table, function, self._key, variable="CONNECTIONS_TABLE", actions=actions)

    def grant_find_ended(self, function: lambda_.Function) -> None:
        """Let *function* query the index of connections by their end."""
        iam.Grant.add_to_principal(
            grantee=function,
            actions=["dynamodb:Query"],
            resource_arns=[f"{self.table.table_arn}/index/{ENDING}"],
        )


class RoomsTable(Construct):
    """Rooms and their messages: durable."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
        deletion_protection: bool = True,
        point_in_time_recovery: bool = True,
        instead: str | None = None,
        key: kms.IKey | None = None,
    ) -> None:
        """The name *instead* is of a table to work with; the stack's own stays as it is.

        *key* encrypts both; without one, DynamoDB has one.
        """
        super().__init__(scope, id_)
        self._key = key
        own = _table(
            self,
            removal_policy=removal_policy,
            deletion_protection=deletion_protection,
            point_in_time_recovery=point_in_time_recovery,
            key=key,
        )
        if not point_in_time_recovery:
            accept(self, {"DDB3": "A setting: these rooms are for trying things out."})
        self.table: dynamodb.ITable = (
            dynamodb.Table.from_table_name(self, "Instead", instead) if instead else own
        )

    def grant_use(self, function: lambda_.Function) -> None:
        """Let *function* read, write and query; tell it the table's name."""
        single = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem")
        actions = (*single, "Query", "BatchGetItem", "BatchWriteItem")
        _grant(self.table, function, self._key, variable="ROOMS_TABLE", actions=actions)


def _table(
    scope: Construct,
    *,
    removal_policy: RemovalPolicy,
    deletion_protection: bool = False,
    point_in_time_recovery: bool = False,
    key: kms.IKey | None,
) -> dynamodb.Table:
    recovery = dynamodb.PointInTimeRecoverySpecification(
        point_in_time_recovery_enabled=point_in_time_recovery
    )
    return dynamodb.Table(
        scope,
        "Table",
        partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        time_to_live_attribute="expiresAt",
        point_in_time_recovery_specification=recovery,
        deletion_protection=deletion_protection,
        removal_policy=removal_policy,
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED if key else None,
        encryption_key=key,
    )


def _grant(
    table: dynamodb.ITable,
    function: lambda_.Function,
    key: kms.IKey | None,
    *,
    variable: str,
    actions: Sequence[str],
) -> None:
    """Not `Table.grant`, which would name every index there is or may be."""
    iam.Grant.add_to_principal(
        grantee=function,
        actions=[f"dynamodb:{action}" for action in actions],
        resource_arns=[table.table_arn],
    )
    grant_key(function, key, service="dynamodb", actions=OF_TABLES)
    function.add_environment(variable, table.table_name)
