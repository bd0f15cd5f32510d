"""What becomes of data when its stack is removed, or is not created as a whole."""

from aws_cdk import RemovalPolicy

from chat_stack.settings.types import RemovalChoice

POLICIES = {
    "destroy": RemovalPolicy.DESTROY,
    "retain": RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
}
"""Policies by the values of the setting `removalPolicy`.

What is retained is deleted if the creation itself fails: it is empty, and the next attempt makes
another.
"""


def removal_policy(choice: RemovalChoice, *, protected: bool = False) -> RemovalPolicy:
    """Return the policy of a resource that holds data.

    With *protected*, the service refuses to delete the resource.
    CloudFormation then leaves it behind, because a rollback that fails cannot be repeated.
    """
    policy = POLICIES[choice]
    if protected and policy is RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE:
        return RemovalPolicy.RETAIN
    return policy
