"""A copy of the table of rooms as it was at a moment, ready to be worked with."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from tools.common import UserError

CHECKED_EVERY = 5.0
"""Seconds between two looks at a table that is being made; a large one takes hours."""


def restore(client: Any, table: str, *, at: datetime | None, say: Callable[[str], None]) -> str:
    """Restore *table* as it was *at*, or as late as can be, beside itself; the copy's name.

    A copy has no expiry, no recovery and no protection of its own, so these follow, as the original
    has them: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html
    """
    copy = f"{table[:235]}-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    moment = {"RestoreDateTime": at} if at else {"UseLatestRestorableTime": True}
    try:
        client.restore_table_to_point_in_time(SourceTableName=table, TargetTableName=copy, **moment)
    except ClientError as error:
        raise UserError(f"{table}: {error.response['Error'].get('Message', error)}") from error
    say(f"Restoring into {copy} ...")
    while client.describe_table(TableName=copy)["Table"]["TableStatus"] != "ACTIVE":
        time.sleep(CHECKED_EVERY)
    _finish(client, table, copy)
    return copy


def _finish(client: Any, table: str, copy: str) -> None:
    expiry = {"AttributeName": "expiresAt", "Enabled": True}
    client.update_time_to_live(TableName=copy, TimeToLiveSpecification=expiry)
    client.update_continuous_backups(
        TableName=copy, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    _begin_new_lives(client, copy)
    original = client.describe_table(TableName=table)["Table"]
    client.update_table(
        TableName=copy,
        DeletionProtectionEnabled=original.get("DeletionProtectionEnabled", False),
    )


def _begin_new_lives(client: Any, table: str) -> None:
    """Give every room a new epoch: the seqs that were given out since will be given out again.

    A client that had seen them would otherwise take new messages for those that it has.
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
