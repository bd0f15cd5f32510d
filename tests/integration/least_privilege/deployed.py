"""The permissions of the deployed stack, and the stack without one of them."""

import functools
import json
import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from local import deploy
from local.deploy import STACK

client = functools.cache(deploy.client)
Statement = Mapping[str, Any]


class Grant(Protocol):
    """A permission of the stack."""

    @property
    def name(self) -> str:
        """Return the principal, the action and the resource, as the template calls them."""

    @property
    def denial(self) -> str:
        """Return how a line of the emulator's log begins if the permission is missing."""

    @abstractmethod
    def absent(self, url: str) -> Any:
        """Remove the permission on the emulator at *url* while the context is open."""


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """One action on one resource in a policy of a role."""

    name: str
    role: str
    policy: str
    statements: Sequence[Statement]
    n: int

    @property
    def denial(self) -> str:
        """Return how a line of the emulator's log begins if the permission is missing."""
        return f"denied: {self.role} {self.statements[self.n]['Action']} "

    @contextmanager
    def absent(self, url: str) -> Iterator[None]:
        """Remove this one statement from the policy while the context is open."""
        try:
            self._put(url, [*self.statements[: self.n], *self.statements[self.n + 1 :]])
            yield
        finally:
            self._put(url, self.statements)

    @contextmanager
    def beside(self, url: str, statement: Statement) -> Iterator[None]:
        """Add one statement to the policy while the context is open."""
        try:
            self._put(url, [*self.statements, statement])
            yield
        finally:
            self._put(url, self.statements)

    def _put(self, url: str, statements: Sequence[Statement]) -> None:
        document = {"Version": "2012-10-17", "Statement": statements}
        client("iam", url).put_role_policy(
            RoleName=self.role, PolicyName=self.policy, PolicyDocument=json.dumps(document)
        )


@dataclass(frozen=True, slots=True)
class CallGrant:
    """The permission of a service to invoke a function."""

    name: str
    function: str
    statement: Statement

    @property
    def denial(self) -> str:
        """Return how a line of the emulator's log begins if the permission is missing."""
        return f"denied: {self.statement['Principal']['Service']} {self.statement['Action']} "

    @contextmanager
    def absent(self, url: str) -> Iterator[None]:
        """Remove this statement from the function's policy while the context is open."""
        functions, sid = client("lambda", url), self.statement["Sid"]
        functions.remove_permission(FunctionName=self.function, StatementId=sid)
        try:
            yield
        finally:
            condition = self.statement.get("Condition", {})
            functions.add_permission(
                FunctionName=self.function,
                StatementId=sid,
                Action=self.statement["Action"],
                Principal=self.statement["Principal"]["Service"],
                **({"SourceArn": condition["ArnLike"]["AWS:SourceArn"]} if condition else {}),
            )


def grants(url: str) -> list[Grant]:
    """Return every permission of the stack: in its roles' policies and in its functions' own."""
    pages = client("cloudformation", url).get_paginator("list_stack_resources")
    found = pages.paginate(StackName=STACK).build_full_result()["StackResourceSummaries"]
    names = {it["PhysicalResourceId"].rpartition("/")[2]: it["LogicalResourceId"] for it in found}
    everything: list[Grant] = []
    for it in found:
        physical = it["PhysicalResourceId"]
        if it["ResourceType"] == "AWS::IAM::Role":
            everything += _of_role(url, physical, names)
        elif it["ResourceType"] == "AWS::Lambda::Function":
            everything += _of_function(url, physical, names)
    return everything


def _of_role(url: str, role: str, names: Mapping[str, str]) -> Iterator[RoleGrant]:
    iam = client("iam", url)
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    assert not attached, f"{role}: {attached}: a policy of the stack's own would be looked at here"
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        statements = list(_single(document))
        for n, it in enumerate(statements):
            name = f"{_plain(names[role])} {it['Action']} {_called(it['Resource'], names)}"
            yield RoleGrant(name, role, policy, statements, n)


def _single(document: Mapping[str, Any]) -> Iterator[Statement]:
    """Return the same permissions, one action and one resource at a time."""
    for statement in document["Statement"]:
        for action in _list(statement["Action"]):
            for resource in _list(statement["Resource"]):
                yield {**statement, "Action": action, "Resource": resource}


def _of_function(url: str, function: str, names: Mapping[str, str]) -> Iterator[CallGrant]:
    functions = client("lambda", url)
    policy = json.loads(functions.get_policy(FunctionName=function)["Policy"])
    for it in policy["Statement"]:
        name = f"{it['Principal']['Service']} {it['Action']} {_plain(names[function])}"
        yield CallGrant(name, function, it)


def _called(arn: str, names: Mapping[str, str]) -> str:
    """Return the template's name of the resource, without the digest at the end."""
    longest = max((name for name in names if name in arn), key=len, default=None)
    return _plain(names[longest]) if longest else arn


def _plain(logical_id: str) -> str:
    return re.sub(r"[0-9A-F]{8}$", "", logical_id)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


ELSEWHERE: dict[str, str] = {
    "events.amazonaws.com lambda:InvokeFunction CloserHandler": (
        "its schedule asks no policy; tests/infrastructure/constructs/test_connection_closer.py"
    ),
}
"""Permissions that the emulator does not need, by their names: the reason, and their test."""
