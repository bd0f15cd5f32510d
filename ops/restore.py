"""Restores the table of rooms to an earlier time, as a copy beside the original."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from tools.common import UserError

POLL_SECONDS = 5.0
"""Pause between two checks of the copy's status. The copy of a large table takes hours."""


def restore(client: Any, table: str, *, at: datetime | None, say: Callable[[str], None]) -> str:
    """Copy *table* as it was *at*, or at the latest restorable time. Return the copy's name.

    DynamoDB copies neither expiry nor recovery nor deletion protection, so they are set here.
    Raises UserError. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
    """
    copy = f"{table[:235]}-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    moment = {"RestoreDateTime": at} if at else {"UseLatestRestorableTime": True}
    try:
        client.restore_table_to_point_in_time(SourceTableName=table, TargetTableName=copy, **moment)
    except ClientError as error:
        raise UserError(f"{table}: {error.response['Error'].get('Message', error)}") from error
    say(f"Restoring into {copy} ...")
    while client.describe_table(TableName=copy)["Table"]["TableStatus"] != "ACTIVE":
        time.sleep(POLL_SECONDS)
    _configure(client, table, copy)
    return copy


def _configure(client: Any, table: str, copy: str) -> None:
    """Give the copy new epochs, and the expiry, recovery and protection of the original."""
    expiry = {"AttributeName": "expiresAt", "Enabled": True}
    client.update_time_to_live(TableName=copy, TimeToLiveSpecification=expiry)
    client.update_continuous_backups(
        TableName=copy, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    _renew_epochs(client, copy)
    original = client.describe_table(TableName=table)["Table"]
    client.update_table(
        TableName=copy,
        DeletionProtectionEnabled=original.get("DeletionProtectionEnabled", False),
    )


def _renew_epochs(client: Any, table: str) -> None:
    """Give every room a new epoch, because later seqs will be assigned again.

    Without a new epoch, a client would mistake new messages for those that it already has.
    """
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="sk = :room",
        ExpressionAttributeValues={":room": {"S": "ROOM"}},
        ProjectionExpression="pk, sk",
    )
    for page in pages:
        for key in page["Items"]:
            client.update_item(
                TableName=table,
                Key=key,
                UpdateExpression="SET epoch = :epoch",
                ExpressionAttributeValues={":epoch": {"S": secrets.token_hex(8)}},
            )
