"""The state of an emulator, which attacks must not change."""

from typing import Any

from local.deploy import client
from tests.support.emulator import Stack


class State:
    """Resources of an emulator, and a room, which attacks must not change."""

    def __init__(self, stack: Stack, room_id: str) -> None:
        self._table = stack.rooms_table
        names = ("dynamodb", "iam", "lambda")
        self._clients = [client(name, stack.endpoint_url) for name in names]
        self._room = {"pk": {"S": f"ROOM#{room_id}"}, "sk": {"S": "ROOM"}}
        self._before = self._read()

    def assert_unchanged(self) -> None:
        """Fail if anything has changed since the start."""
        assert self._read() == self._before

    def _read(self) -> dict[str, Any]:
        tables, iam, functions = self._clients
        return {
            "tables": tables.list_tables()["TableNames"],
            "room": tables.get_item(TableName=self._table, Key=self._room)["Item"],
            "roles": [role["RoleName"] for role in iam.list_roles()["Roles"]],
            "users": [user["UserName"] for user in iam.list_users()["Users"]],
            "functions": [it["FunctionName"] for it in functions.list_functions()["Functions"]],
        }
