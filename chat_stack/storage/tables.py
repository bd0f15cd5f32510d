"""The two tables, and the permissions to use them."""

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from chat_stack.cdk_nag import acknowledge
from chat_stack.storage.encryption import TABLE_ACTIONS, grant_key

EXPIRY_INDEX = "Ending"
"""Index of connections by the time at which they expire; its name is part of the table."""


class ConnectionsTable(Construct):
    """Open connections and their rooms: ephemeral, so not retained and not backed up."""

    def __init__(self, scope: Construct, id_: str, *, key: kms.IKey | None = None) -> None:
        """*key* encrypts it; without it, DynamoDB uses its own key."""
        super().__init__(scope, id_)
        self._key = key
        self.table = _table(self, removal_policy=RemovalPolicy.DESTROY, key=key)
        # Sparse: it has only connections whose token expires before API Gateway closes them.
        self.table.add_global_secondary_index(
            index_name=EXPIRY_INDEX,
            partition_key=dynamodb.Attribute(name="endsIn", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="endsAt", type=dynamodb.AttributeType.NUMBER),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        acknowledge(self, {"DDB3": "The items are worthless once the connections are closed."})

    def grant_use(self, function: lambda_.Function) -> None:
        """Let *function* read and write single items and query, and set CONNECTIONS_TABLE."""
        single = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem")
        actions = (*single, "Query")
        _grant(self.table, function, self._key, variable="CONNECTIONS_TABLE", actions=actions)

    def grant_remove_connections(self, function: lambda_.Function) -> None:
        """Let *function* remove connections and read the others, and set CONNECTIONS_TABLE."""
        actions = ("GetItem", "UpdateItem", "DeleteItem", "Query")
        _grant(self.table, function, self._key, variable="CONNECTIONS_TABLE", actions=actions)

    def grant_find_expired(self, function: lambda_.Function) -> None:
        """Let *function* query the index of connections by expiry."""
        iam.Grant.add_to_principal(
            grantee=function,
            actions=["dynamodb:Query"],
            resource_arns=[f"{self.table.table_arn}/index/{EXPIRY_INDEX}"],
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
        restored_table: str | None = None,
        key: kms.IKey | None = None,
    ) -> None:
        """*restored_table* names a table to use; the stack's own table stays as it is.

        *key* encrypts both; without it, DynamoDB uses its own key.
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
            acknowledge(self, {"DDB3": "The settings turn recovery off, as for tests."})
        self.table: dynamodb.ITable = (
            dynamodb.Table.from_table_name(self, "Instead", restored_table)
            if restored_table
            else own
        )

    def grant_use(self, function: lambda_.Function) -> None:
        """Let *function* read, write and query, and set ROOMS_TABLE."""
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
    """Grant *actions*; `Table.grant` would include every index."""
    iam.Grant.add_to_principal(
        grantee=function,
        actions=[f"dynamodb:{action}" for action in actions],
        resource_arns=[table.table_arn],
    )
    grant_key(function, key, service="dynamodb", actions=TABLE_ACTIONS)
    function.add_environment(variable, table.table_name)
