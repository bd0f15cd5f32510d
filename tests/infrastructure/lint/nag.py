"""The findings of cdk-nag's AwsSolutions pack."""

from typing import NamedTuple

from cdk_nag import AwsSolutionsChecks
from constructs import IConstruct


class Finding(NamedTuple):
    """A rule, and what breaks it: the path of a resource, or of a construct that it is in."""

    rule: str
    path: str


def nag(scope: IConstruct) -> set[Finding]:
    """What the pack finds in *scope* and nothing there accepts."""
    found = AwsSolutionsChecks().validate_scope(scope).violations
    return {
        Finding(it.rule_name, resource.construct_path or "")
        for it in found
        for resource in it.violating_resources
    }
