"""Every permission that a template grants, each with a readable name."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.infrastructure.all_settings import ACCOUNT, KEY, REGION

Resources = Mapping[str, Mapping[str, Any]]
OWN_POLICY = " at "
MANAGED = " has "
"""Marks in the name: a permission in a resource's own policy, and a policy that AWS manages."""

_DIGEST = re.compile(r"[0-9A-F]{8}$")
_UPLOAD = re.compile(r"CustomCDKBucketDeployment\w+(?=ServiceRole)")
"""A function that the CDK adds and names."""

_PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "REGION", "AWS::AccountId": "ACCOUNT"}


def list_permissions(template: Mapping[str, Any]) -> Iterator[str]:
    """Yield each permission as text: the principal, the action, the resource and the condition.

    A permission has one action and one resource.
    Statements are found in every resource: policies, roles, keys and any new resource type.
    Managed policies and permissions to call a function are included.
    """
    stage = _stage(template["Resources"])
    for id_, resource in template["Resources"].items():
        for permission in _permissions_of(id_, resource["Type"], resource.get("Properties", {})):
            here = permission.replace(f"/{stage}/", "/STAGE/").replace(KEY, "Key")
            yield _UPLOAD.sub("Upload", here.replace(REGION, "REGION").replace(ACCOUNT, "ACCOUNT"))


def without_digest(logical_id: str) -> str:
    """Return a logical id without its digest."""
    return _DIGEST.sub("", logical_id)


def _permissions_of(id_: str, type_: str, properties: Mapping[str, Any]) -> Iterator[str]:
    if type_ == "AWS::Lambda::Permission":
        yield _call_permission(properties)
    for arn in properties.get("ManagedPolicyArns", ()):
        yield f"{without_digest(id_)}{MANAGED}{as_text(arn)}"
    for statement in _statements(properties):
        for action in _list(statement.get("Action", statement.get("NotAction"))):
            for resource in _list(statement.get("Resource", "itself")):
                for principal in _principals(id_, properties, statement):
                    granted = action if "Action" in statement else f"all but {action}"
                    yield f"{principal} {granted} {as_text(resource)}{_condition(statement)}"


def _statements(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every statement that allows something, at any depth of *value*."""
    if isinstance(value, Mapping):
        if value.get("Effect") == "Allow":
            yield value
        for inner in value.values():
            yield from _statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _statements(inner)


def _principals(
    id_: str, properties: Mapping[str, Any], statement: Mapping[str, Any]
) -> Iterator[str]:
    """Yield the principals that *statement* is for.

    An identity policy is for its roles and users. A resource policy names its principals.
    """
    if "Principal" not in statement:
        owners = [*properties.get("Roles", ()), *properties.get("Users", ())]
        yield from (as_text(owner) for owner in owners or [without_digest(id_)])
        return
    principal = statement["Principal"]
    named = principal if isinstance(principal, Mapping) else {"": principal}
    for principals in named.values():
        yield from (f"{as_text(it)}{OWN_POLICY}{without_digest(id_)}" for it in _list(principals))


def _call_permission(properties: Mapping[str, Any]) -> str:
    """Return the permission of a service to call a function."""
    source = as_text(properties["SourceArn"]) if "SourceArn" in properties else "anywhere"
    principal, action = as_text(properties["Principal"]), properties["Action"]
    return f"{principal} {action} {as_text(properties['FunctionName'])} from {source}"


def _condition(statement: Mapping[str, Any]) -> str:
    conditions = [
        f"{as_text(key)} {' '.join(map(as_text, _list(value)))}"
        for operator in statement.get("Condition", {}).values()
        for key, value in operator.items()
    ]
    return f" if {' and '.join(conditions)}" if conditions else ""


def as_text(value: Any) -> str:
    """Return a value of the template as text, with names for values that only AWS knows."""
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return _PSEUDO.get(name, without_digest(name))
        case {"Fn::Sub": str(name)}:
            return re.sub(r"\$\{(.+?)\}", lambda found: as_text({"Ref": found[1]}), name)
        case {"Fn::GetAtt": [name, "Arn"]}:
            return without_digest(name)
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{without_digest(name)}.{attribute}"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(as_text, parts))
        case _:
            return json.dumps(value, sort_keys=True)


def _stage(resources: Resources) -> str:
    stages = [it for it in resources.values() if it["Type"] == "AWS::ApiGatewayV2::Stage"]
    return str(stages[0]["Properties"]["StageName"])


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
