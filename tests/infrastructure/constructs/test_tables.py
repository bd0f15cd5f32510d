"""The tables of the template: keys, expiry, recovery and protection."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chat.dynamodb.items import EXPIRY_INDEX
from tests.infrastructure.synthesis import CHAT, WITHOUT_PAGE, Synthesized, synthesize

TABLES = ("ConnectionsTable", "RoomsTable")


@pytest.mark.parametrize("name", TABLES)
def test_items_have_generic_keys_and_expire(each_environment: Synthesized, name: str) -> None:
    """Both tables have string keys pk and sk, expiry by `expiresAt`, and on-demand billing."""
    table = each_environment.table(name)["Properties"]

    assert table["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    types = {key["AttributeName"]: key["AttributeType"] for key in table["AttributeDefinitions"]}
    assert (types["pk"], types["sk"]) == ("S", "S")
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize(
    ("environment", "recovery", "protection", "removal"),
    [
        ("local", False, False, "Delete"),
        ("dev", False, False, "Delete"),
        ("staging", True, False, "Delete"),
        ("prod", True, True, "Retain"),
    ],
)
def test_rooms_are_as_safe_as_the_environment_says(
    stacks: Mapping[str, Synthesized],
    environment: str,
    recovery: bool,
    protection: bool,
    removal: str,
) -> None:
    """The environment sets the rooms table's recovery, protection and removal policy."""
    rooms = stacks[f"Chat-{environment}"].table("RoomsTable")

    properties = rooms["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": recovery
    }
    assert properties["DeletionProtectionEnabled"] is protection
    assert rooms["DeletionPolicy"] == rooms["UpdateReplacePolicy"] == removal


def test_only_connections_have_an_index(each_environment: Synthesized) -> None:
    """The index finds connections by their time of expiry. The rooms table has no index."""
    (index,) = each_environment.table("ConnectionsTable")["Properties"]["GlobalSecondaryIndexes"]

    assert index["IndexName"] == EXPIRY_INDEX
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["endsIn", "endsAt"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert "GlobalSecondaryIndexes" not in each_environment.table("RoomsTable")["Properties"]


def test_connections_are_deleted_with_the_stack(each_environment: Synthesized) -> None:
    """The connections table is not protected, because its items are ephemeral."""
    connections = each_environment.table("ConnectionsTable")

    assert connections["DeletionPolicy"] == "Delete"
    assert connections["Properties"]["DeletionProtectionEnabled"] is False


def test_rooms_of_another_table(tmp_path: Path) -> None:
    """With `roomsTable`, the function uses that table only. The stack's own table is retained."""
    environments = {"prod": {**WITHOUT_PAGE["prod"], "roomsTable": "restored-rooms"}}

    stack = synthesize(tmp_path, environments=environments)["Chat-prod"]

    arn = [s["Resource"] for s in stack.statements(CHAT) if "dynamodb:BatchGetItem" in s["Action"]]
    assert json.dumps(arn).endswith(':table/restored-rooms"]]}]')
    assert stack.function()["Environment"]["Variables"]["ROOMS_TABLE"] == "restored-rooms"
    assert stack.template.to_json()["Outputs"]["RoomsTable"]["Value"] == "restored-rooms"
    kept = [t for t in stack.resources("AWS::DynamoDB::Table").values() if _is_kept(t)]
    assert len(kept) == 1


def _is_kept(table: Mapping[str, Any]) -> bool:
    protected = table["Properties"]["DeletionProtectionEnabled"]
    return table["DeletionPolicy"] == "Retain" and protected is True
