"""The findings of cdk-nag's AwsSolutions pack."""

from typing import NamedTuple

from cdk_nag import AwsSolutionsChecks
from constructs import IConstruct


class Finding(NamedTuple):
    """A rule, and the path of the resource or construct that breaks it."""

    rule: str
    path: str


def nag(scope: IConstruct) -> set[Finding]:
    """Return the findings of the pack in *scope* that no construct accepts."""
    found = AwsSolutionsChecks().validate_scope(scope).violations
    return {
        Finding(it.rule_name, resource.construct_path or "")
        for it in found
        for resource in it.violating_resources
    }
