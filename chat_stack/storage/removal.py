"""Removal policies of data: at the removal of its stack, and after a failed creation."""

from aws_cdk import RemovalPolicy

from chat_stack.settings.types import RemovalChoice

POLICIES = {
    "destroy": RemovalPolicy.DESTROY,
    "retain": RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
}
"""Policies by the values of the setting `removalPolicy`.

If the creation itself fails, retained data is deleted too.
It is empty, and the next attempt makes another.
"""


def removal_policy(choice: RemovalChoice, *, protected: bool = False) -> RemovalPolicy:
    """Return the policy of a resource that holds data.

    With *protected*, the service refuses to delete the resource.
    CloudFormation then leaves it behind. Otherwise, the rollback would fail.
    """
    policy = POLICIES[choice]
    if protected and policy is RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE:
        return RemovalPolicy.RETAIN
    return policy
